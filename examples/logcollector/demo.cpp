// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "demo.h"

#include "collector.h"
#include "say.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QTimer>

#include <memory>
#include <vector>

using namespace InterprocessQt;

namespace
{

constexpr int ChattyLines = 2000;
constexpr int MostMinutes = 1;

struct Sender {
    const char *what;
    QStringList arguments;
    int lines;
};

const Sender Senders[] = {
    {"one that has little to say", {"Good morning", "Good night"}, 2},
    {"one that never knows when to stop", {"--repeat", QString::number(ChattyLines), "and another thing"}, ChattyLines},
    {"one whose line is too long", {QString(5000, 'a')}, 1},
    {"one that sends a descriptor along", {"--with-descriptor", "Here, have this, too"}, 1},
};

} // namespace

int runDemo()
{
    say("A datagram socket has no connections: whoever knows its address, and has the");
    say("permission, sends it messages, and each arrives whole. This process collects");
    say("lines, and starts itself four times as senders.");
    say();

    // In the folder for temporary files, where only this user can send to it: the file is made with mode 0700.
    const QString path = QDir::temp().filePath(QString("logcollector-%1").arg(QCoreApplication::applicationPid()));
    Collector collector;
    collector.setShownPerSender(2);
    if (!collector.start(Address::filePath(path)))
        return 1;

    std::vector<std::unique_ptr<QProcess>> processes;
    int running = 0;
    int expected = 0;
    bool good = true;
    const auto endIfComplete = [&] {
        // That they have ended does not say that all has been read: it may still wait in the kernel.
        collector.receiveAll();
        if (running == 0)
            QCoreApplication::quit();
    };
    for (const Sender &sender : Senders) {
        auto process = std::make_unique<QProcess>();
        process->setProcessChannelMode(QProcess::ForwardedChannels);
        process->setStandardInputFile(QProcess::nullDevice());
        QObject::connect(process.get(), &QProcess::finished, &collector, [&](int code, QProcess::ExitStatus status) {
            good = good && code == 0 && status == QProcess::NormalExit;
            --running;
            endIfComplete();
        });
        process->start(QCoreApplication::applicationFilePath(), QStringList{"log", path} + sender.arguments);
        if (!process->waitForStarted()) {
            complain(process->errorString());
            return 1;
        }
        say(QString("started %1: %2").arg(process->processId()).arg(sender.what));
        ++running;
        expected += sender.lines;
        processes.push_back(std::move(process));
    }
    QTimer::singleShot(std::chrono::minutes(MostMinutes), &collector, [&] {
        complain("the senders do not end");
        good = false;
        QCoreApplication::quit();
    });
    QCoreApplication::exec();

    const Collector::Counts counts = collector.counts();
    say();
    say(QString("%1 of %2 lines have arrived; %3 cut off, %4 with descriptors that")
            .arg(counts.lines)
            .arg(expected)
            .arg(counts.truncated)
            .arg(counts.descriptorsRefused));
    say("were refused. Who sent each is what the kernel says: nobody but root can pretend.");
    say();
    say("Now try it with programs that know nothing of Qt. In one terminal");
    say(QString("    %1 collect /tmp/log.socket").arg(QCoreApplication::applicationFilePath()));
    say("and in another");
    say("    logger --socket /tmp/log.socket 'a line'");
    say("    echo 'another line' | socat -u - UNIX-SENDTO:/tmp/log.socket");
    say(QString("    dmesg | %1 log /tmp/log.socket").arg(QCoreApplication::applicationFilePath()));

    if (!good || counts.lines != expected || counts.truncated != 1 || counts.descriptorsRefused != 1) {
        complain("something was not as it should be");
        return 1;
    }
    return 0;
}
