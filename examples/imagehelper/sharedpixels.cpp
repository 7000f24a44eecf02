// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "sharedpixels.h"

#include <QPixelFormat>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using InterprocessQt::FileDescriptor;

namespace
{

// With these the sender cannot pull the memory away from under a reader (SIGBUS), nor change what was checked (memfd_create(2)).
constexpr int Seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

QString systemText(const char *operation)
{
    return QString("%1: %2").arg(operation, std::strerror(errno));
}

struct Mapping {
    void *address;
    std::size_t size;
};

void unmap(void *info)
{
    const auto *const mapping = static_cast<Mapping *>(info);
    ::munmap(mapping->address, mapping->size);
    delete mapping;
}

} // namespace

FileDescriptor SharedPixels::write(const QImage &image, QString &error)
{
    const auto size = std::size_t(image.sizeInBytes());
    FileDescriptor memory(::memfd_create("pixels", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    const int fd = int(memory.get());
    if (!memory || ::ftruncate(fd, off_t(size)) == -1) {
        error = systemText("make shared memory");
        return {};
    }
    void *const address = ::mmap(nullptr, size, PROT_WRITE, MAP_SHARED, fd, 0);
    if (address == MAP_FAILED) {
        error = systemText("map shared memory");
        return {};
    }
    std::memcpy(address, image.constBits(), size);
    ::munmap(address, size); // as long as it is mapped for writing it cannot be sealed
    if (::fcntl(fd, F_ADD_SEALS, Seals | F_SEAL_SEAL) == -1) {
        error = systemText("seal shared memory");
        return {};
    }
    return memory;
}

QImage SharedPixels::read(FileDescriptor memory, const Picture &picture, QString &error)
{
    const int fd = int(memory.get());
    struct stat status = {};
    const int seals = ::fcntl(fd, F_GET_SEALS);
    if (seals == -1 || (seals & Seals) != Seals) {
        error = "what came with the answer is not memory that is sealed";
        return {};
    }
    if (::fstat(fd, &status) == -1) {
        error = systemText("ask for the size of the memory");
        return {};
    }
    const bool known = picture.format > QImage::Format_Invalid && picture.format < QImage::NImageFormats;
    const auto format = known ? QImage::Format(picture.format) : QImage::Format_Invalid;
    const int bitsPerPixel = known ? QImage::toPixelFormat(format).bitsPerPixel() : 0;
    const qint64 line = (qint64(picture.width) * bitsPerPixel + 7) / 8;
    const bool fits = known && picture.width > 0 && picture.height > 0 && bitsPerPixel > 8 && picture.bytesPerLine >= line
        && qint64(picture.bytesPerLine) * picture.height <= qint64(status.st_size);
    if (!fits) {
        error = QString("the answer describes another picture than its %1 bytes of memory can hold").arg(qint64(status.st_size));
        return {};
    }
    const auto size = std::size_t(status.st_size);
    void *const address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
    if (address == MAP_FAILED) {
        error = systemText("map shared memory");
        return {};
    }
    return QImage(static_cast<const uchar *>(address), picture.width, picture.height, picture.bytesPerLine, format, unmap, new Mapping{address, size});
}
