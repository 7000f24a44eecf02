// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A collector of log lines, on datagrams.
//
// Where to begin reading: collector.cpp receives, logsender.cpp sends, demo.cpp starts several of the one for the other.

#include "collector.h"
#include "demo.h"
#include "logsender.h"
#include "say.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>

using namespace InterprocessQt;

namespace
{

constexpr char Description[] =
    "Collects lines that other processes send as datagrams, and says who sent them.\n"
    "\n"
    "    (nothing)            shows what happens, with senders of its own\n"
    "    collect ADDRESS      collects until Ctrl-C, or --lines\n"
    "    log ADDRESS [LINE...]  sends the lines, or those of standard input\n"
    "\n"
    "An address is the path of a file that the collector makes, or \"@\" and a name\n"
    "that is nowhere in the file system.";

int collect(const QString &address, int lines)
{
    // Ctrl-C leaves the file behind. The next collector finds that nobody has it any more, and takes it over.
    Collector collector;
    if (!collector.start(address))
        return 1;
    QObject::connect(&collector, &Collector::received, qApp, [&] {
        if (lines > 0 && collector.counts().lines >= lines)
            QCoreApplication::quit();
    });
    return QCoreApplication::exec();
}

int log(const QString &address, const QStringList &lines, int repeat, bool withDescriptor)
{
    QFile input;
    if (lines.isEmpty() && !input.open(stdin, QIODevice::ReadOnly))
        return 1;
    qsizetype next = 0;
    LogSender sender(address, [&]() -> std::optional<QByteArray> {
        if (input.isOpen()) {
            const QByteArray line = input.readLine();
            return line.isEmpty() ? std::nullopt : std::optional(line);
        }
        if (next == lines.size() * repeat)
            return {};
        return lines.at(next++ % lines.size()).toUtf8();
    });
    sender.setDescriptorsAttached(withDescriptor);
    // Before the event loop runs nothing could end it.
    QObject::connect(&sender, &LogSender::finished, qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    QObject::connect(
        &sender,
        &LogSender::failed,
        qApp,
        [](const QString &reason) {
            complain(reason);
            QCoreApplication::exit(1);
        },
        Qt::QueuedConnection);
    sender.start();
    const int code = QCoreApplication::exec();
    if (code == 0 && sender.pauses() > 0)
        say(QString("%1: sent %2 lines, and waited %3 times for the collector")
                .arg(QCoreApplication::applicationPid())
                .arg(sender.sent())
                .arg(sender.pauses()));
    return code;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName("interprocessqt-logcollector");
    const QCommandLineOption linesOption("lines", "collect: ends after so many.", "count", "0");
    const QCommandLineOption repeatOption("repeat", "log: sends the lines so many times.", "count", "1");
    const QCommandLineOption descriptorOption("with-descriptor", "log: sends a descriptor with each, to see it refused.");
    QCommandLineParser parser;
    parser.setApplicationDescription(Description);
    parser.addOptions({linesOption, repeatOption, descriptorOption});
    parser.addHelpOption();
    parser.process(app);

    const QStringList words = parser.positionalArguments();
    if (words.isEmpty())
        return runDemo();
    if (words.value(0) == "collect" && words.size() == 2)
        return collect(words.at(1), parser.value(linesOption).toInt());
    if (words.value(0) == "log" && words.size() >= 2)
        return log(words.at(1), words.mid(2), parser.value(repeatOption).toInt(), parser.isSet(descriptorOption));
    complain("wrong arguments; --help explains");
    return 2;
}
