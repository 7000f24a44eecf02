// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_SERVICE_H
#define TOUR_SERVICE_H

#include "protocol.h"

#include <InterprocessQt/LocalServer>

#include <QCryptographicHash>
#include <QTimer>

// The conversation with one client.
class Session : public QObject
{
    Q_OBJECT

public:
    // Takes the socket over.
    Session(InterprocessQt::LocalSocket *socket, QObject *parent);

Q_SIGNALS:
    // Once. In order means: after a goodbye.
    void ended(bool inOrder);

private:
    void readMessages();
    // False if the client should not have sent that.
    [[nodiscard]] bool handle(const protocol::Message &message);
    void greet();
    void answer(protocol::Kind kind, const QByteArray &content = {});

    InterprocessQt::LocalSocket *const m_socket;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    quint64 m_size = 0;
    bool m_greeted = false;
    bool m_saidGoodbye = false;
};

/*
 * The side that waits to be asked. It serves any number of clients at once, and is never left behind, whatever becomes of
 * its clients: it ends when the last of them has gone, or, if it was started so, when it is told to terminate after that.
 */
class Service : public QObject
{
    Q_OBJECT

public:
    enum class End { WithTheLastClient, WhenTerminated };
    explicit Service(End end, QObject *parent = nullptr);

    // False if it cannot listen there; it has said why.
    bool start(const InterprocessQt::Address &address);
    // 0 if every client has said goodbye.
    [[nodiscard]] int exitCode() const
    {
        return m_allInOrder ? 0 : 1;
    }

private:
    void welcomeClient();
    void clientHasGone(bool inOrder);

    const End m_end;
    InterprocessQt::LocalServer m_server;
    QTimer m_patience;
    int m_clients = 0;
    bool m_allInOrder = true;
};

#endif
