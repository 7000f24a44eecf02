// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "rawpipe.h"

#include "messagebuffer.h"

#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Bench
{

namespace
{

QByteArray nameThere(const Job &job)
{
    return job.path + ".there";
}

QByteArray nameBack(const Job &job)
{
    return job.path + ".back";
}

int openEnd(const QByteArray &name, int mode)
{
    const int fd = ::open(name.constData(), mode | O_CLOEXEC); // waits for the other side
    if (fd == -1)
        dieErrno("open a FIFO");
    return fd;
}

} // namespace

void makePipes(const Job &job)
{
    for (const QByteArray &name : {nameThere(job), nameBack(job)}) {
        ::unlink(name.constData());
        if (::mkfifo(name.constData(), 0600) == -1)
            dieErrno("mkfifo");
    }
}

PipeEnds openServerPipes(const Job &job)
{
    const int in = openEnd(nameThere(job), O_RDONLY);
    return {in, openEnd(nameBack(job), O_WRONLY)};
}

PipeEnds openClientPipes(const Job &job)
{
    const int out = openEnd(nameThere(job), O_WRONLY);
    return {openEnd(nameBack(job), O_RDONLY), out};
}

void serveRawPipes(const Job &job, PipeEnds ends)
{
    ::signal(SIGPIPE, SIG_DFL); // the client is done
    ServerScript script(job);
    MessageBuffer buffer(script.messageSize());
    const auto write = [&](const char *data, size_t size) {
        if (::write(ends.out, data, size) != ssize_t(size))
            dieErrno("write");
    };
    ssize_t got;
    while ((got = ::read(ends.in, buffer.space(), buffer.readSize())) > 0) {
        if (script.isSink()) {
            script.drained(got, write);
            continue;
        }
        buffer.commit(size_t(got), [&](const char *message) {
            write(message, size_t(script.messageSize()));
        });
    }
}

} // namespace Bench
