// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Reads standard input, whatever that is, line by line, while the event loop runs.

//! [program]
#include <InterprocessQt/PipeReader>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    PipeReader input;
    QObject::connect(&input, &PipeReader::readyRead, &input, [&input] {
        while (input.canReadLine())
            std::printf("line: %s\n", input.readLine().trimmed().constData());
        std::fflush(stdout);
    });
    QObject::connect(&input, &PipeReader::readChannelFinished, &input, [&input] {
        if (input.bytesAvailable() > 0) // the last line need not have an end
            std::printf("line: %s\n", input.readAll().constData());
        std::printf("that was all\n");
        QCoreApplication::quit();
    });
    QObject::connect(&input, &PipeReader::errorOccurred, &input, [&input] {
        std::fprintf(stderr, "%s\n", qPrintable(input.errorString()));
        QCoreApplication::exit(1);
    });
    if (!input.openStandardInput()) {
        std::fprintf(stderr, "%s\n", qPrintable(input.errorString()));
        return 1;
    }
    return application.exec();
}
//! [program]
