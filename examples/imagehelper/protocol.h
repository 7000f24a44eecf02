// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef IMAGEHELPER_PROTOCOL_H
#define IMAGEHELPER_PROTOCOL_H

#include <QDataStream>
#include <QString>

/*
 * What viewer and helper have agreed upon, over a MessageSocket:
 *
 * A request is the name of a picture, for texts of errors only, and beside it the open file. The helper opens nothing by
 * itself. The answer is a Picture, and beside it memory with its pixels if it could be decoded.
 */
struct Picture {
    QString error; // empty if it could be decoded
    qint32 width = 0;
    qint32 height = 0;
    qint32 bytesPerLine = 0;
    qint32 format = 0; // QImage::Format
    qint64 decodeMicroseconds = 0;
};

inline QDataStream &operator<<(QDataStream &stream, const Picture &picture)
{
    return stream << picture.error << picture.width << picture.height << picture.bytesPerLine << picture.format << picture.decodeMicroseconds;
}

inline QDataStream &operator>>(QDataStream &stream, Picture &picture)
{
    return stream >> picture.error >> picture.width >> picture.height >> picture.bytesPerLine >> picture.format >> picture.decodeMicroseconds;
}

#endif
