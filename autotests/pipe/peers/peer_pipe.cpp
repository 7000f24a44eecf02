// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// The other process of the tests of pipes. What it is to do is its first argument.

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/Fifo>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageChannel>
#include <InterprocessQt/Pipe>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QProcess>
#include <QTemporaryDir>
#include <QTextStream>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

using namespace InterprocessQt;

namespace
{

// The same bytes on both sides, and no two blocks alike.
QByteArray block(qint64 number)
{
    QByteArray bytes(65536, Qt::Uninitialized);
    quint64 state = quint64(number) * 0x9e3779b97f4a7c15u + 1;
    for (qsizetype i = 0; i < bytes.size(); i += 8) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        std::copy_n(reinterpret_cast<const char *>(&state), 8, bytes.data() + i);
    }
    return bytes;
}

// Writes so many blocks to standard output with the system call alone, and their checksum to standard error.
int produce(qint64 blocks)
{
    QCryptographicHash hash(QCryptographicHash::Md5);
    for (qint64 i = 0; i < blocks; ++i) {
        const QByteArray bytes = block(i);
        hash.addData(bytes);
        for (qsizetype done = 0; done < bytes.size();) {
            const ssize_t written = ::write(1, bytes.constData() + done, size_t(bytes.size() - done));
            if (written <= 0)
                return 3;
            done += written;
        }
    }
    std::fprintf(stderr, "%s\n", hash.result().toHex().constData());
    return 0;
}

// Reads standard input to its end with the library, and prints how much it was and its checksum. With a word after it it
// says "open" first; "deaf" ignores SIGTTIN.
int consume(const char *word)
{
    if (QByteArray(word) == "deaf")
        std::signal(SIGTTIN, SIG_IGN);
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
int feed(qint64 blocks)
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

// Answers each message of standard input on standard output; "stop" ends it before the end of its input. Messages are lines,
// or as language servers have them.
int echo(bool asLanguageServer)
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

// The numbers of its open descriptors, but those of the standard streams.
void printDescriptors()
{
    std::vector<int> numbers;
    DIR *const folder = ::opendir("/proc/self/fd");
    while (const dirent *entry = ::readdir(folder)) {
        const int number = std::atoi(entry->d_name);
        if (number > 2 && number != ::dirfd(folder))
            numbers.push_back(number);
    }
    ::closedir(folder);
    std::sort(numbers.begin(), numbers.end());
    std::printf("open");
    for (const int number : numbers)
        std::printf(" %d%s%s", number, ::fcntl(number, F_GETFL) & O_NONBLOCK ? "n" : "", ::fcntl(number, F_GETFD) & FD_CLOEXEC ? "c" : "");
    std::printf("\n");
    std::fflush(stdout);
}

int useHandles()
{
    printDescriptors();
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
    writer.close();
    return writer.waitForClosed() ? 0 : 10;
}

// For each line: pipes, a child with two of their ends, and a FIFO, all of which are over when it prints "done".
int rounds()
{
    const QTemporaryDir folder;
    QTextStream lines(stdin);
    while (!lines.readLine().isNull()) {
        Pipe toChild = Pipe::create();
        Pipe fromChild = Pipe::create();
        ChildHandles handles;
        const auto input = handles.add(toChild.reader.get(), QStringLiteral("input"));
        const auto output = handles.add(fromChild.writer.get(), QStringLiteral("output"));
        QProcess process;
        if (!handles.attachTo(&process))
            return 6;
        process.start(QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("cat < /dev/fd/%1 > /dev/fd/%2").arg(input).arg(output)});
        toChild.writer->write(QByteArray(200'000, 'x'));
        toChild.writer->close();
        if (!process.waitForStarted() || !toChild.writer->waitForBytesWritten(10'000) || !fromChild.reader->waitForReadyRead(10'000))
            return 7;
        if (!toChild.writer->waitForClosed() || !fromChild.reader->waitForFinished() || fromChild.reader->bytesAvailable() != 200'000)
            return 8;
        process.waitForFinished();
        const Fifo fifo = Fifo::create(folder.filePath(QStringLiteral("fifo")));
        FifoReader reader;
        FifoWriter writer;
        if (!reader.open(fifo.path(), FifoReader::WriterPolicy::WaitForNextWriter) || !writer.open(fifo.path()))
            return 9;
        writer.write("x");
        writer.close();
        if (!writer.waitForClosed() || !reader.waitForReadyRead(10'000))
            return 10;
        std::printf("done\n");
        std::fflush(stdout);
    }
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QByteArray what = argc > 1 ? argv[1] : "";
    if (what == "produce")
        return produce(std::atoll(argv[2]));
    if (what == "descriptors") {
        printDescriptors();
        return 0;
    }
    if (what == "handles") {
        // Before anything of Qt has opened descriptors of its own.
        return useHandles();
    }
    const QCoreApplication application(argc, argv);
    if (what == "consume")
        return consume(argv[2]);
    if (what == "feed")
        return feed(std::atoll(argv[2]));
    if (what == "echo")
        return echo(argc > 2);
    if (what == "rounds")
        return rounds();
    return 2;
}
