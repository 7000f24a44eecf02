// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef FIFOFILE_H
#define FIFOFILE_H

#include <InterprocessQt/NativeHandle>

#include <QByteArray>
#include <QFile>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

/*
 * FIFOs as the system has them, without the library.
 */
namespace FifoFile
{

inline bool make(const QString &path)
{
    return ::mkfifo(QFile::encodeName(path).constData(), 0600) == 0;
}

// Does not block; not valid if nobody reads.
inline InterprocessQt::NativeHandle openWriter(const QString &path)
{
    return InterprocessQt::NativeHandle(::open(QFile::encodeName(path).constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
}

inline InterprocessQt::NativeHandle openReader(const QString &path)
{
    return InterprocessQt::NativeHandle(::open(QFile::encodeName(path).constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

inline bool write(const InterprocessQt::NativeHandle &handle, const QByteArray &bytes)
{
    return ::write(int(handle.get()), bytes.constData(), size_t(bytes.size())) == bytes.size();
}

// What is there now.
inline QByteArray read(const InterprocessQt::NativeHandle &handle)
{
    QByteArray all;
    char buffer[65536];
    for (;;) {
        const ssize_t size = ::read(int(handle.get()), buffer, sizeof buffer);
        if (size <= 0)
            return all;
        all.append(buffer, size);
    }
}

// The permission bits, or -1 if there is nothing.
inline int mode(const QString &path)
{
    struct stat status;
    return ::lstat(QFile::encodeName(path).constData(), &status) == -1 ? -1 : int(status.st_mode & 07777);
}

inline bool isFifo(const QString &path)
{
    struct stat status;
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 && S_ISFIFO(status.st_mode);
}

} // namespace FifoFile

#endif
