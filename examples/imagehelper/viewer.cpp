// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "viewer.h"

#include "preview.h"
#include "protocol.h"
#include "sharedpixels.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <cstdio>
#include <fcntl.h>

using namespace InterprocessQt;

namespace
{

void say(const QString &text)
{
    std::printf("%s\n", qPrintable(text));
    std::fflush(stdout);
}

} // namespace

Viewer::Viewer(const QStringList &pictures)
{
    m_pictures.append(pictures);
    // Whoever else connects to the address is not the helper that was started.
    m_server.setPeerPolicy([this](const PeerCredentials &peer) {
        return m_process && peer.isSameUser() && peer.processId().value_or(m_process->processId()) == m_process->processId();
    });
    m_server.setMaximumHandles(1); // the memory with the pixels
    connect(&m_server, &MessageServer::newConnection, this, &Viewer::helperConnected);
}

bool Viewer::start()
{
    if (!m_server.listen(Address::runtime(QString("imagehelper-%1").arg(QCoreApplication::applicationPid())))) {
        std::fprintf(stderr, "viewer: %s\n", qPrintable(m_server.errorString()));
        return false;
    }
    startHelper();
    return true;
}

void Viewer::startHelper()
{
    m_process = new QProcess(this);
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QProcess *const process = m_process;
    connect(process, &QProcess::finished, this, &Viewer::helperGone);
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        std::fprintf(stderr, "viewer: the helper cannot be started: %s\n", qPrintable(process->errorString()));
        emit finished(1);
    });
    process->start(QCoreApplication::applicationFilePath(), {"--decode-for", m_server.serverAddress().toString()});
}

void Viewer::helperConnected()
{
    m_helper = m_server.nextPendingConnection();
    say(QString("viewer %1: my helper is process %2").arg(QCoreApplication::applicationPid()).arg(m_helper->peerCredentials().processId().value_or(-1)));
    connect(m_helper, &MessageSocket::messageReceived, this, &Viewer::answered);
    next();
}

void Viewer::next()
{
    while (!m_pictures.isEmpty()) {
        m_current = m_pictures.dequeue();
        const QString name = QFileInfo(m_current).fileName();
        std::vector<NativeHandle> file;
        file.emplace_back(::open(QFile::encodeName(m_current).constData(), O_RDONLY | O_CLOEXEC));
        m_clock.start();
        say(QString("\n%1: %2 bytes on disk; its descriptor goes to the helper").arg(name).arg(QFileInfo(m_current).size()));
        if (m_helper->send(name.toUtf8(), std::move(file)))
            return;
        say(QString("%1: %2").arg(name, m_helper->errorString()));
        ++m_failures;
    }
    m_current.clear();
    m_helper->disconnectFromServer(); // and when the helper has gone, everything is done
}

void Viewer::answered(const QByteArray &message)
{
    const QString name = QFileInfo(m_current).fileName();
    const qint64 waited = m_clock.nsecsElapsed() / 1000;
    QDataStream stream(message);
    Picture picture;
    stream >> picture;
    std::vector<NativeHandle> memory = m_helper->takeHandles();
    QString flaw = stream.status() == QDataStream::Ok ? picture.error : QString("the answer makes no sense");
    QImage image;
    if (flaw.isEmpty())
        image = SharedPixels::read(memory.empty() ? FileDescriptor() : std::move(memory.front()), picture, flaw);
    if (image.isNull()) {
        say(QString("%1: cannot be shown: %2").arg(name, flaw));
        ++m_failures;
    } else {
        say(QString("%1: %2 x %3 pixels, %4 bytes of sealed memory; %5 bytes went through the socket")
                .arg(name)
                .arg(image.width())
                .arg(image.height())
                .arg(image.sizeInBytes())
                .arg(message.size()));
        say(QString("%1: decoding took %2 ms, and all of it %3 ms")
                .arg(name)
                .arg(double(picture.decodeMicroseconds) / 1000, 0, 'f', 1)
                .arg(double(waited) / 1000, 0, 'f', 1));
        Preview::print(image);
    }
    next();
}

void Viewer::helperGone()
{
    const bool atWork = !m_current.isEmpty();
    m_process->deleteLater();
    if (m_helper)
        m_helper->deleteLater();
    m_helper = nullptr;
    if (!atWork) {
        emit finished(m_failures);
        return;
    }
    say(QString("%1: the helper died of it; the viewer goes on with another one").arg(QFileInfo(m_current).fileName()));
    ++m_failures;
    m_current.clear();
    startHelper();
}
