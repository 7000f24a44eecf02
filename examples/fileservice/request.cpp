// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "request.h"

#include <InterprocessQt/PeerCredentials>

#include <QFileInfo>

#include <cstdio>
#include <fcntl.h>
#include <io.h>
#include <utility>

using namespace InterprocessQt;

namespace
{
// How much waits here while the output takes nothing.
constexpr qint64 BufferSize = 1024 * 1024;
const QString LocalSystem = "S-1-5-18";
}

Request::Request(const QString &path, QObject *parent)
    : QObject(parent)
    , m_path(QFileInfo(path).absoluteFilePath()) // the service has a working directory of its own
{
    connect(&m_service, &NamedPipe::connected, this, [this] {
        m_service.send(m_path.toUtf8());
    });
    connect(&m_service, &NamedPipe::messagesPending, this, &Request::takeAnswer);
    connect(&m_service, &NamedPipe::errorOccurred, this, [this] {
        fail(m_service.errorString());
    });
}

void Request::start(const QString &pipe)
{
    _setmode(_fileno(stdout), _O_BINARY); // the ends of lines are the file's
    if (!m_output.open(stdout, QFile::WriteOnly)) {
        fail("standard output: " + m_output.errorString());
        return;
    }
    //! [client]
    m_service.setReceiveMode(NamedPipe::Mode::Messages);
    m_service.setSendMode(NamedPipe::Mode::Messages);
    m_service.setReadBufferSize(BufferSize);
    // By default a server only gets to know who we are. This one opens a file in our name, so it must be one that we trust: before
    // anything is sent the process that has made the pipe is looked at.
    m_service.setImpersonationLevel(NamedPipe::Impersonation::Impersonation);
    m_service.setServerPolicy([](const PeerCredentials &server) {
        return server.isSameUser() || server.securityId() == LocalSystem;
    });
    m_service.connectToServer(pipe);
    //! [client]
}

void Request::takeAnswer()
{
    while (!m_finished) {
        const std::optional<QByteArray> message = m_service.receive();
        if (!message)
            return;
        if (!std::exchange(m_answered, true)) {
            if (message->startsWith("error ")) {
                fail(QString::fromUtf8(message->mid(6)));
                return;
            }
        } else if (message->isEmpty()) {
            if (m_output.flush())
                finish(0);
            else
                fail("standard output: " + m_output.errorString());
        } else if (m_output.write(*message) != message->size()) { // which waits: the service does so, too, then
            fail("standard output: " + m_output.errorString());
        }
    }
}

void Request::fail(const QString &why)
{
    if (m_finished) // the first reason counts
        return;
    std::fprintf(stderr, "fileservice: %s\n", qPrintable(why));
    finish(1);
}

void Request::finish(int exitCode)
{
    m_finished = true;
    m_service.abort();
    emit finished(exitCode);
}
