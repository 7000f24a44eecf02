// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A pipe in one process; and with the argument "filter" a program between two others, as sed is.

#include <InterprocessQt/Pipe>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

namespace
{

void throughAPipe()
{
    //! [create]
    const Pipe pipe = Pipe::create();
    PipeReader *const reader = pipe.reader.get();
    QObject::connect(reader, &PipeReader::readyRead, reader, [reader] {
        std::printf("%s\n", reader->readAll().constData());
    });
    QObject::connect(reader, &PipeReader::readChannelFinished, reader, [] {
        std::printf("nobody writes any more\n");
        QCoreApplication::quit();
    });
    pipe.writer->write("hello");
    pipe.writer->close(); // when that has been written
    //! [create]
    QCoreApplication::exec();
}

int filter()
{
    //! [stdin]
    PipeReader input;
    if (!input.openStandardInput()) {
        std::fprintf(stderr, "%s\n", qPrintable(input.errorString()));
        return 1;
    }
    //! [stdin]
    //! [stdout]
    PipeWriter output;
    if (!output.openStandardOutput()) {
        std::fprintf(stderr, "%s\n", qPrintable(output.errorString()));
        return 1;
    }
    input.setReadBufferSize(1024 * 1024); // whoever writes to us waits for whoever reads from us
    const auto go = [&] {
        if (!output.isOpen())
            return; // all has been said
        if (!output.isCongested())
            output.write(input.readAll().toUpper());
        if (input.isReadChannelFinished() && input.bytesAvailable() == 0)
            output.close();
    };
    QObject::connect(&input, &PipeReader::readyRead, &output, go);
    QObject::connect(&input, &PipeReader::readChannelFinished, &output, go);
    QObject::connect(&output, &PipeWriter::congestedChanged, &output, go);
    QObject::connect(&output, &PipeWriter::closed, qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    //! [stdout]
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc > 1)
        return filter();
    throughAPipe();
    return 0;
}
