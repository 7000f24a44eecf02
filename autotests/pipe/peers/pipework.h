// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef PIPEWORK_H
#define PIPEWORK_H

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageChannel>
#include <InterprocessQt/Pipe>

#include <QCoreApplication>
#include <QCryptographicHash>

#include <algorithm>
#include <cstdio>

// What the other process of the tests of pipes does on every system.
namespace PipeWork
{

using namespace InterprocessQt;

// The same bytes on both sides, and no two blocks alike.
inline QByteArray block(qint64 number)
{
    QByteArray bytes(65536, Qt::Uninitialized);
    quint64 state = quint64(number) * 0x9e3779b97f4a7c15u + 1;
    for (qsizetype i = 0; i < bytes.size(); i += 8) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        std::copy_n(reinterpret_cast<const char *>(&state), 8, bytes.data() + i);
    }
    return bytes;
}

// Reads standard input to its end with the library, and prints how much it was and its checksum. With a word after it it
// says "open" first.
inline int consume(const char *word)
{
    PipeReader reader;
    QCryptographicHash hash(QCryptographicHash::Md5);
    qint64 size = 0;
    if (!reader.openStandardInput()) {
        std::printf("%d %s\n", int(reader.error()), qPrintable(reader.errorString()));
        return 4;
    }
    if (word) { // ready, and not reading yet
        std::printf("open\n");
        std::fflush(stdout);
    }
    QObject::connect(&reader, &PipeReader::readyRead, &reader, [&] {
        const QByteArrayView arrived = reader.view();
        hash.addData(arrived);
        size += arrived.size();
        reader.consume(arrived.size());
    });
    QObject::connect(&reader, &StreamDevice::errorOccurred, &reader, [&](StreamDevice::Error error) {
        std::printf("error %d %s\n", int(error), qPrintable(reader.errorString()));
    });
    QObject::connect(&reader, &PipeReader::readChannelFinished, &reader, [&] {
        std::printf("%lld %s\n", static_cast<long long>(size), hash.result().toHex().constData());
        QCoreApplication::exit(0);
    });
    return QCoreApplication::exec();
}

// Writes so many blocks to standard output with the library, never more than a limit ahead.
inline int feed(qint64 blocks)
{
    PipeWriter writer;
    if (!writer.openStandardOutput()) {
        std::fprintf(stderr, "%d %s\n", int(writer.error()), qPrintable(writer.errorString()));
        return 4;
    }
    qint64 next = 0;
    QCryptographicHash hash(QCryptographicHash::Md5);
    const auto more = [&] {
        while (next < blocks && !writer.isCongested()) {
            const QByteArray bytes = block(next++);
            hash.addData(bytes);
            writer.write(bytes);
        }
        if (next == blocks && writer.isOpen())
            writer.close();
    };
    QObject::connect(&writer, &PipeWriter::congestedChanged, &writer, more);
    QObject::connect(&writer, &StreamDevice::errorOccurred, &writer, [&](StreamDevice::Error error) {
        std::fprintf(stderr, "error %d %d\n", int(error), writer.nativeError());
    });
    QObject::connect(
        &writer,
        &PipeWriter::closed,
        &writer,
        [&] {
            if (writer.error() == StreamDevice::UnknownSocketError)
                std::fprintf(stderr, "%s\n", hash.result().toHex().constData());
            QCoreApplication::exit(writer.error() == StreamDevice::UnknownSocketError ? 0 : 5);
        },
        Qt::QueuedConnection);
    more();
    return QCoreApplication::exec();
}

// Writes a word and is gone.
inline int brief()
{
    PipeWriter writer;
    if (!writer.openStandardOutput())
        return 4;
    writer.write("all that is to be said");
    return 0;
}

// Answers each message of standard input on standard output; "stop" ends it before the end of its input. Messages are lines,
// or as language servers have them.
inline int echo(bool asLanguageServer)
{
    PipeReader input;
    PipeWriter output;
    if (!input.openStandardInput() || !output.openStandardOutput())
        return 4;
    MessageChannel channel;
    channel.setFraming(asLanguageServer ? MessageChannel::ContentLength : MessageChannel::Lines);
    channel.setDevices(&input, &output);
    const auto end = [&] {
        QObject::connect(&output, &PipeWriter::closed, qApp, &QCoreApplication::quit, Qt::QueuedConnection);
        output.close();
    };
    QObject::connect(&channel, &MessageChannel::messageReceived, &channel, [&](const QByteArray &line) {
        channel.send("got " + line);
        if (line == "stop")
            end();
    });
    QObject::connect(&channel, &MessageChannel::finished, &channel, end);
    channel.send(QByteArray("ready"));
    return QCoreApplication::exec();
}

// Says what the parent has handed over, and uses what is named so.
inline int useHandles()
{
    std::printf("names %s\n", qPrintable(ChildHandles::available().join(',')));
    std::printf("variable %s\n", qEnvironmentVariableIsSet("INTERPROCESSQT_HANDLES") ? "set" : "not set");
    std::fflush(stdout);
    PipeReader reader;
    NativeHandle input = ChildHandles::take("input");
    if (input && !reader.open(std::move(input)))
        return 6;
    if (ChildHandles::take("input")) // there is only one
        return 7;
    PipeWriter writer;
    NativeHandle output = ChildHandles::take("output");
    if (output && !writer.open(std::move(output)))
        return 8;
    LocalSocket socket;
    NativeHandle connection = ChildHandles::take("socket");
    if (connection && !socket.setSocketDescriptor(std::move(connection)))
        return 9;
    if (socket.isOpen()) {
        socket.write("from the child");
        socket.waitForBytesWritten();
    }
    if (reader.isOpen()) {
        reader.waitForFinished();
        const QByteArray all = reader.readAll();
        std::printf("read %s\n", all.constData());
        writer.write(all.toUpper());
    }
    if (!writer.isOpen())
        return 0;
    writer.close();
    return writer.waitForClosed() ? 0 : 10;
}

} // namespace PipeWork

#endif
