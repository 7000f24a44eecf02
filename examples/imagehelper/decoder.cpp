// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "decoder.h"

#include "protocol.h"
#include "sharedpixels.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QImageReader>

#include <csignal>
#include <cstdio>

using namespace InterprocessQt;

Decoder::Decoder(const Address &viewer)
{
    m_viewer.setMaximumHandles(1); // the file to be decoded
    connect(&m_viewer, &MessageSocket::messageReceived, this, &Decoder::decode);
    connect(&m_viewer, &MessageSocket::disconnected, qApp, &QCoreApplication::quit);
    connect(&m_viewer, &MessageSocket::errorOccurred, this, [this](MessageSocket::Error error) {
        if (error == StreamDevice::PeerClosedError)
            return; // the viewer needs nothing more
        std::fprintf(stderr, "helper: %s\n", qPrintable(m_viewer.errorString()));
        QCoreApplication::exit(1);
    });
    m_viewer.connectToServer(viewer);
}

void Decoder::decode(const QByteArray &name)
{
    Picture picture;
    std::vector<NativeHandle> answer;
    std::vector<NativeHandle> files = m_viewer.takeHandles();
    QFile file;
    if (files.size() != 1 || !std::move(files.front()).moveTo(file, QIODevice::ReadOnly)) {
        picture.error = "no file came with the request";
    } else {
        QElapsedTimer clock;
        clock.start();
        // Some formats run programs or allocate what a header asks for. That this one dies of it is shown by a name.
        if (name.contains("killer"))
            std::raise(SIGSEGV);
        QImageReader reader(&file);
        const QImage image = reader.read().convertToFormat(QImage::Format_RGB32);
        picture.decodeMicroseconds = clock.nsecsElapsed() / 1000;
        if (image.isNull()) {
            picture.error = reader.errorString();
        } else {
            picture.width = image.width();
            picture.height = image.height();
            picture.bytesPerLine = qint32(image.bytesPerLine());
            picture.format = image.format();
            if (FileDescriptor memory = SharedPixels::write(image, picture.error))
                answer.push_back(std::move(memory));
        }
    }
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream << picture;
    if (!m_viewer.send(bytes, std::move(answer)))
        std::fprintf(stderr, "helper: %s\n", qPrintable(m_viewer.errorString()));
}
