// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_SENDER_H
#define TOUR_SENDER_H

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <functional>

namespace InterprocessQt
{
class LocalSocket;
}

/*
 * Sends something large, part by part, no faster than the other side takes it.
 *
 * Whatever is written to a socket is accepted, and kept in memory until the kernel has taken it. Somebody who writes a
 * file of two gigabytes in one loop therefore needs two gigabytes. This class looks at isCongested() before each part:
 * while the socket is congested it waits, so that never much more than a megabyte is kept.
 */
class Sender : public QObject
{
    Q_OBJECT

public:
    // Makes the next part as it goes over the socket; empty when there are no more.
    using NextPart = std::function<QByteArray()>;

    Sender(InterprocessQt::LocalSocket *socket, NextPart nextPart, QObject *parent = nullptr);

Q_SIGNALS:
    void partSent();
    void finished();

private:
    void sendPart();

    InterprocessQt::LocalSocket *const m_socket;
    const NextPart m_nextPart;
    QTimer m_nextTurn;
};

#endif
