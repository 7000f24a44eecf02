// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A FIFO: made, read from and written to.

//! [program]
#include <InterprocessQt/Fifo>

#include <QCoreApplication>
#include <QTemporaryDir>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QTemporaryDir directory;
    const QString path = directory.filePath("control");

    //! [create]
    const Fifo fifo = Fifo::create(path);
    if (!fifo.isValid()) {
        std::fprintf(stderr, "%s\n", qPrintable(fifo.errorString()));
        return 1;
    }
    //! [create]

    //! [reader]
    FifoReader reader;
    QObject::connect(&reader, &QIODevice::readyRead, &reader, [&reader] {
        while (reader.canReadLine())
            std::printf("command %s", reader.readLine().constData());
    });
    QObject::connect(&reader, &FifoReader::writersGone, &reader, [] {
        std::puts("the writers are gone, others may come");
        QCoreApplication::quit();
    });
    if (!reader.open(path, FifoReader::WriterPolicy::WaitForNextWriter))
        return 1;
    //! [reader]

    //! [writer]
    FifoWriter writer;
    if (!writer.open(path)) // does not wait for a reader, and neither does
        return 1;
    writer.write("pause\n"); // whole, whoever else writes
    writer.close();
    //! [writer]

    return application.exec();
}
//! [program]
