// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fileservice.h"

#include "transfer.h"

#include <cstdio>

using namespace InterprocessQt;

namespace
{
// A path is no longer than this, in any encoding of it.
constexpr qint64 LongestRequest = 3 * 32768;
}

FileService::FileService(QObject *parent)
    : QObject(parent)
{
    connect(&m_server, &NamedPipeServer::newConnection, this, &FileService::acceptClients);
    connect(&m_server, &NamedPipeServer::errorOccurred, this, [this] {
        std::fprintf(stderr, "fileservice: %s\n", qPrintable(m_server.errorString()));
    });
}

bool FileService::start(const QString &pipe, bool forEverybody)
{
    //! [server]
    m_server.setReceiveMode(NamedPipe::Mode::Messages);
    m_server.setSendMode(NamedPipe::Mode::Messages);
    m_server.setMaximumMessageSize(LongestRequest);
    m_server.setReadBufferSize(LongestRequest); // a client that asks faster than it is answered has to wait
    if (forEverybody) // who may connect, and no more: nobody else can make instances of the pipe, and answer in our place
        m_server.setSocketOptions(LocalServer::WorldAccessOption);
    if (!m_server.listen(pipe)) {
        std::fprintf(stderr, "fileservice: %s\n", qPrintable(m_server.errorString()));
        return false;
    }
    //! [server]
    return true;
}

void FileService::acceptClients()
{
    while (NamedPipe *const client = m_server.nextPendingConnection()) {
        connect(client, &NamedPipe::disconnected, client, &QObject::deleteLater);
        new Transfer(client); // which is deleted with it
    }
}
