// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef FILES_H
#define FILES_H

#include "ipctest.h"

#include <InterprocessQt/FileDescriptor>
#include <InterprocessQt/UnixMessage>

#include <QByteArray>
#include <QDir>
#include <QFile>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <vector>

/*
 * Descriptors that can be told apart, and told of.
 */
namespace Files
{

using InterprocessQt::FileDescriptor;

// A file without a name.
inline FileDescriptor withText(const QByteArray &text)
{
    QByteArray name = QFile::encodeName(QDir::tempPath() + QStringLiteral("/ipq-file-XXXXXX"));
    FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
    ::unlink(name.constData());
    if (::write(int(file.get()), text.constData(), size_t(text.size())) != text.size())
        file.reset();
    return file;
}

inline QByteArray textOf(const FileDescriptor &file)
{
    char buffer[256];
    const ssize_t size = ::pread(int(file.get()), buffer, sizeof buffer, 0);
    return QByteArray(buffer, size < 0 ? 0 : qsizetype(size));
}

// The texts of all, with spaces between.
inline QByteArray textsOf(const std::vector<FileDescriptor> &files)
{
    QByteArrayList texts;
    for (const FileDescriptor &file : files)
        texts.append(textOf(file));
    return texts.join(' ');
}

inline std::vector<FileDescriptor> numbered(int count, int first = 0)
{
    std::vector<FileDescriptor> files;
    for (int i = 0; i < count; ++i)
        files.push_back(withText(QByteArray::number(first + i)));
    return files;
}

inline QByteArray numbers(int count, int first = 0)
{
    QByteArrayList texts;
    for (int i = 0; i < count; ++i)
        texts.append(QByteArray::number(first + i));
    return texts.join(' ');
}

inline bool isOpen(InterprocessQt::NativeHandle::Type fd)
{
    return ::fcntl(int(fd), F_GETFD) != -1;
}

inline bool isClosedOnExec(const FileDescriptor &file)
{
    const int flags = ::fcntl(int(file.get()), F_GETFD);
    return flags != -1 && (flags & FD_CLOEXEC);
}

// A pipe, of which one end is sent: the other one knows whether there is any copy of it left, also one on its way.
struct Witness {
    Witness()
    {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
            reading.reset(ends[0]);
            writing.reset(ends[1]);
        }
    }
    [[nodiscard]] FileDescriptor takeSent()
    {
        return std::move(writing);
    }
    [[nodiscard]] bool allAreClosed() const
    {
        pollfd poll = {int(reading.get()), POLLIN, 0};
        return ::poll(&poll, 1, 0) == 1 && (poll.revents & POLLHUP);
    }

    FileDescriptor reading;
    FileDescriptor writing;
};

inline InterprocessQt::UnixMessage message(const QByteArray &data, FileDescriptor &&file)
{
    InterprocessQt::UnixMessage message(data);
    message.addDescriptor(std::move(file));
    return message;
}

// Leaves this process with room for so many descriptors, until it is destroyed.
class NearlyFullTable
{
public:
    explicit NearlyFullTable(int room)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit few = m_before;
        few.rlim_cur = rlim_t(IpcTest::openDescriptors().lastKey()) + 10;
        ::setrlimit(RLIMIT_NOFILE, &few);
        for (;;) {
            FileDescriptor filler(::fcntl(0, F_DUPFD_CLOEXEC, 0));
            if (!filler)
                break;
            m_fillers.push_back(std::move(filler));
        }
        for (; room > 0; --room)
            m_fillers.pop_back();
    }
    ~NearlyFullTable()
    {
        ::setrlimit(RLIMIT_NOFILE, &m_before);
    }
    Q_DISABLE_COPY_MOVE(NearlyFullTable)

private:
    rlimit m_before = {};
    std::vector<FileDescriptor> m_fillers;
};

} // namespace Files

#endif
