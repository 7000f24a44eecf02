// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "transfer.h"

#include <InterprocessQt/ImpersonationGuard>
#include <InterprocessQt/PeerCredentials>

#include <algorithm>
#include <cstdio>

using namespace InterprocessQt;

namespace
{
constexpr qint64 ChunkSize = 65536;

QString nameOf(const PeerCredentials &client)
{
    return QString("process %1 of user %2").arg(client.processId().value_or(0)).arg(client.securityId().value_or("unknown"));
}

// Not a device, a pipe, or a file of another computer, to which this one would introduce itself as the client.
bool isOnADrive(const QString &path)
{
    return path.size() > 3 && path.at(0).isLetter() && path.mid(1, 2) == ":/" && !path.contains("//");
}
} // namespace

Transfer::Transfer(NamedPipe *client)
    : QObject(client)
    , m_client(client)
    , m_who(nameOf(client->peerCredentials()))
{
    connect(client, &NamedPipe::messagesPending, this, &Transfer::work);
    connect(client, &NamedPipe::congestedChanged, this, &Transfer::work);
    connect(client, &NamedPipe::messageDiscarded, this, [this] {
        refuse("there is no path that is so long");
    });
    work(); // it may have asked already
}

void Transfer::work()
{
    sendFile();
    // Who takes no answers gets no more of them.
    while (!m_file.isOpen() && !m_client->isCongested()) {
        const std::optional<QByteArray> request = m_client->receive();
        if (!request)
            break;
        answer(QString::fromUtf8(*request));
    }
}

void Transfer::answer(const QString &path)
{
    const QString flaw = isOnADrive(path) ? openAsClient(path) : QString("only files on drives are read, by their whole path");
    if (!flaw.isEmpty()) {
        refuse(path + ": " + flaw);
        return;
    }
    m_sent = 0;
    m_size = m_file.size();
    m_client->send("size " + QByteArray::number(m_size));
    sendFile();
}

//! [impersonate]
QString Transfer::openAsClient(const QString &path)
{
    m_file.setFileName(path);
    const ImpersonationGuard client(*m_client);
    if (!client) // then it would be opened with the rights of the service
        return client.errorString();
    // Whether it may be read is decided here, and the client needs not be asked for again while it is.
    return m_file.open(QFile::ReadOnly) ? QString() : m_file.errorString();
}
//! [impersonate]

void Transfer::sendFile()
{
    // No more than what the client takes: the rest waits in the file.
    while (m_file.isOpen() && !m_client->isCongested()) {
        const QByteArray chunk = m_file.read(std::min(ChunkSize, m_size - m_sent));
        if (chunk.isEmpty() && m_sent < m_size) { // what has been sent must not pass for all of it
            log(m_file.fileName() + ": " + (m_file.error() == QFile::NoError ? QString("it has become shorter") : m_file.errorString()));
            m_file.close();
            m_client->abort();
            return;
        }
        if (!m_client->send(chunk)) {
            log(QString("%1: the client has left after %2 bytes").arg(m_file.fileName()).arg(m_sent));
            m_file.close();
            return;
        }
        m_sent += chunk.size();
        if (chunk.isEmpty()) {
            log(QString("%1: %2 bytes").arg(m_file.fileName()).arg(m_sent));
            m_file.close();
        }
    }
}

void Transfer::refuse(const QString &why)
{
    log(why);
    m_client->send("error " + why.toUtf8());
}

void Transfer::log(const QString &text) const
{
    std::printf("%s: %s\n", qPrintable(m_who), qPrintable(text));
    std::fflush(stdout);
}
