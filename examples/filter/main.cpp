// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Streams a file through another program, with progress: compresses it with gzip, counts it with wc, whatever.
//
// Where to begin reading: pump.cpp.

#include "pump.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTemporaryDir>

#include <cstdio>
#include <unistd.h>

namespace
{

constexpr char Description[] =
    "Streams a file through a program and into another file, and shows how far it is.\n"
    "\n"
    "    filter FROM TO PROGRAM [ARGUMENT...]     for example: filter a a.gz gzip -9\n"
    "\n"
    "Without arguments 64 MiB are made up, compressed with gzip and uncompressed again.";

void show(qint64 done, qint64 total)
{
    // On a terminal in one line; elsewhere nothing would be gained.
    static int shown = -1;
    const int percent = total > 0 ? int(done * 100 / total) : 100;
    if (::isatty(2) == 1 && percent != std::exchange(shown, percent))
        std::fprintf(stderr, "\r%3d %%%s", percent, done == total ? "\n" : "");
}

bool run(const QString &from, const QString &to, const QString &program, const QStringList &arguments)
{
    Pump pump(from, to);
    QString problem;
    QObject::connect(&pump, &Pump::progress, &pump, &show);
    QObject::connect(
        &pump,
        &Pump::finished,
        &pump,
        [&](const QString &reason) {
            problem = reason;
            QCoreApplication::quit();
        },
        Qt::QueuedConnection);
    if (pump.start(program, arguments))
        QCoreApplication::exec();
    else
        problem = pump.problem();
    if (!problem.isEmpty()) {
        std::fprintf(stderr, "filter: %s\n", qPrintable(problem));
        return false;
    }
    std::printf("%s: %lld bytes in, %lld bytes out, at most %lld waiting in memory\n",
                qPrintable(program),
                static_cast<long long>(pump.bytesIn()),
                static_cast<long long>(pump.bytesOut()),
                static_cast<long long>(pump.mostWaiting()));
    std::fflush(stdout);
    return true;
}

int showAll()
{
    const QTemporaryDir folder;
    const QString original = folder.filePath("original");
    const QString packed = folder.filePath("packed");
    const QString unpacked = folder.filePath("unpacked");
    QFile file(original);
    if (!file.open(QIODevice::ReadWrite))
        return 1;
    for (int i = 0; i < 64; ++i)
        file.write(QByteArray("line of text number " + QByteArray::number(i) + '\n').repeated(50'000).first(1024 * 1024));
    file.close();
    if (!run(original, packed, "gzip", {"-1"}) || !run(packed, unpacked, "gzip", {"-d"}))
        return 1;
    QFile result(unpacked);
    const bool same = file.open(QIODevice::ReadOnly) && result.open(QIODevice::ReadOnly) && file.readAll() == result.readAll();
    std::printf("%s\n", same ? "The file has come back as it was." : "The file has NOT come back as it was.");
    return same ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName("interprocessqt-filter");
    QCommandLineParser parser;
    parser.setApplicationDescription(Description);
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsPositionalArguments);
    parser.addHelpOption();
    parser.process(application);
    const QStringList words = parser.positionalArguments();
    if (words.isEmpty())
        return showAll();
    if (words.size() < 3) {
        std::fprintf(stderr, "filter: wrong arguments; --help explains\n");
        return 2;
    }
    return run(words[0], words[1], words[2], words.mid(3)) ? 0 : 1;
}
