// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "browser.h"

#include <InterprocessQt/MessageChannel>

#include <QCoreApplication>
#include <QProcess>
#include <QTimer>

#include <cstdio>

using namespace InterprocessQt;

namespace
{
const char *const Questions[] = {
    R"({"id":1,"command":"ping"})",
    R"({"id":2,"command":"echo","text":"through two pipes"})",
    R"({"id":3,"command":"dance"})",
    "this is no JSON",
};
}

int playBrowser()
{
    std::printf(
        "A browser starts a native-messaging host and talks JSON with it, on its standard\n"
        "input and output. This process plays the browser.\n\n");
    QProcess host;
    host.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    // As a browser does: the name of its manifest, and who asks.
    host.start(QCoreApplication::applicationFilePath(), {"/etc/opt/demo.json", "demo@example.org"});
    if (!host.waitForStarted()) {
        std::fprintf(stderr, "%s\n", qPrintable(host.errorString()));
        return 1;
    }
    // A channel works on any QIODevice, such as the process.
    MessageChannel channel(&host, MessageChannel::LengthPrefix);
    channel.setByteOrder(MessageChannel::NativeEndian);
    int answers = 0;
    QObject::connect(&channel, &MessageChannel::messageReceived, &host, [&](const QByteArray &answer) {
        std::printf("  <- %s\n", answer.constData());
        if (++answers == int(std::size(Questions)))
            host.closeWriteChannel(); // the browser has finished: so does the host
    });
    int code = 1;
    QObject::connect(
        &host,
        &QProcess::finished,
        qApp,
        [&](int exitCode, QProcess::ExitStatus status) {
            code = status == QProcess::NormalExit ? exitCode : 1;
            QCoreApplication::quit();
        },
        Qt::QueuedConnection);
    QTimer::singleShot(std::chrono::seconds(30), &host, [&] {
        std::fprintf(stderr, "the host does not end\n");
        QCoreApplication::quit();
    });
    for (const char *question : Questions) {
        std::printf("  -> %s\n", question);
        channel.send(question);
    }
    QCoreApplication::exec();
    std::printf(
        "\nThe host has ended with code %d. Try it by hand:\n"
        "    python3 -c 'import sys,struct; m=b\"{\\\"command\\\":\\\"ping\\\"}\"; sys.stdout.buffer.write(struct.pack(\"=I\",len(m))+m)' \\\n"
        "        | %s host | tail -c +5\n",
        code,
        qPrintable(QCoreApplication::applicationFilePath()));
    return answers == int(std::size(Questions)) ? code : 1;
}
