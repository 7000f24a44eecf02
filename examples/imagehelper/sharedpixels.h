// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef IMAGEHELPER_SHAREDPIXELS_H
#define IMAGEHELPER_SHAREDPIXELS_H

#include "protocol.h"

#include <InterprocessQt/FileDescriptor>

#include <QImage>

// Pixels in memory that has no name and that nobody can change any more: made by one process, read by another.
namespace SharedPixels
{

// The picture in sealed memory; an invalid descriptor, and the reason, if there is none to be had.
[[nodiscard]] InterprocessQt::FileDescriptor write(const QImage &image, QString &error);

// The picture without a copy: the memory stays mapped as long as the image lives. Nothing in `picture` is believed: a
// null image, and the reason, if it does not fit the memory or the memory could still change.
[[nodiscard]] QImage read(InterprocessQt::FileDescriptor memory, const Picture &picture, QString &error);

} // namespace SharedPixels

#endif
