// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// fifo_lines <FIFO> <name> <lines>: writes lines of PIPE_BUF bytes and of any shorter length, with a check of each.

#include <InterprocessQt/FifoWriter>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() != 4)
        return 2;
    FifoWriter writer;
    if (!writer.open(arguments[1])) {
        std::fprintf(stderr, "%s\n", qPrintable(writer.errorString()));
        return 1;
    }
    const QByteArray name = arguments[2].toUtf8();
    const int lines = arguments[3].toInt();
    for (int i = 0; i < lines; ++i) {
        // Every other one as long as may be.
        const int length = i % 2 == 0 ? int(FifoWriter::atomicSize()) : 1 + (i * 7919) % int(FifoWriter::atomicSize());
        QByteArray line = name + ' ' + QByteArray::number(i) + ' ' + QByteArray::number(length) + ' ';
        line = line.leftJustified(qMax(length, int(line.size()) + 1) - 1, char('a' + i % 26)) + '\n';
        if (writer.write(line) != line.size())
            return 3;
    }
    QObject::connect(&writer, &PipeWriter::closed, &application, &QCoreApplication::quit);
    writer.close();
    application.exec();
    return writer.error() == StreamDevice::UnknownSocketError ? 0 : 4;
}
