// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// The other process of the tests of pipes. What it is to do is its first argument.

#include "../pipework.h"

#include <InterprocessQt/Fifo>

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

// Writes so many blocks to standard output with the system call alone, and their checksum to standard error.
int produce(qint64 blocks)
{
    QCryptographicHash hash(QCryptographicHash::Md5);
    for (qint64 i = 0; i < blocks; ++i) {
        const QByteArray bytes = PipeWork::block(i);
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

// Copies standard input to standard output as programs do that know nothing of the library.
int copy()
{
    char block[4096];
    ssize_t got;
    while ((got = ::read(0, block, sizeof block)) > 0) {
        for (ssize_t done = 0; done < got;) {
            const ssize_t written = ::write(1, block + done, size_t(got - done));
            if (written <= 0)
                return 3;
            done += written;
        }
    }
    return 0;
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
    if (what == "copy")
        return copy();
    if (what == "open") {
        printDescriptors();
        return 0;
    }
    if (what == "handles") {
        // Before anything of Qt has opened descriptors of its own.
        printDescriptors();
        return PipeWork::useHandles();
    }
    while (what == "wait") // until it is ended
        ::pause();
    const QCoreApplication application(argc, argv);
    if (what == "consume") {
        if (argc > 2 && QByteArray(argv[2]) == "deaf")
            std::signal(SIGTTIN, SIG_IGN);
        return PipeWork::consume(argv[2]);
    }
    if (what == "feed")
        return PipeWork::feed(std::atoll(argv[2]));
    if (what == "echo")
        return PipeWork::echo(argc > 2);
    if (what == "brief")
        return PipeWork::brief();
    if (what == "rounds")
        return rounds();
    return 2;
}
