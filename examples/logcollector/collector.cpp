// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "collector.h"

#include "say.h"

#include <QFileInfo>

#include <pwd.h>

using namespace InterprocessQt;

namespace
{

// For show only: by now another process may have this number.
QString programOf(qint64 pid)
{
    const QString program = QFileInfo(QString("/proc/%1/exe").arg(pid)).symLinkTarget();
    return program.isEmpty() ? QString("gone by now") : QFileInfo(program).fileName();
}

// Of what the kernel says of the sender nothing can be made up.
QString describe(const std::optional<PeerCredentials> &sender)
{
    if (!sender || !sender->processId() || !sender->userId())
        return "somebody unknown";
    const passwd *user = ::getpwuid(*sender->userId());
    return QString("%1 (%2), user %3")
        .arg(*sender->processId())
        .arg(programOf(*sender->processId()), user ? QString::fromLocal8Bit(user->pw_name) : QString::number(*sender->userId()));
}

} // namespace

Collector::Collector(QObject *parent)
    : QObject(parent)
{
    connect(&m_socket, &UnixDatagramSocket::readyRead, this, &Collector::receiveAll);
    connect(&m_socket, &UnixDatagramSocket::errorOccurred, this, [this] {
        complain(m_socket.errorString());
    });
}

bool Collector::start(const Address &address)
{
    const bool named = m_socket.setCredentialsEnabled(true);
    if (!m_socket.bind(address)) {
        complain(m_socket.errorString());
        return false;
    }
    say("collecting at " + m_socket.localAddress().nativeName());
    if (!named)
        say("this system does not tell who sends; the lines are collected without");
    return true;
}

void Collector::receiveAll()
{
    // Descriptors are refused unless one asks for them (setMaximumDescriptors()): the lines arrive all the same.
    int count = 0;
    while (const auto message = m_socket.receive(LongestLine)) {
        ++count;
        ++m_counts.lines;
        m_counts.truncated += message->isTruncated();
        m_counts.descriptorsRefused += message->descriptorsLost();
        show(*message);
    }
    Q_EMIT received(count);
}

void Collector::show(const UnixMessage &message)
{
    const std::optional<PeerCredentials> sender = message.credentials();
    const qint64 pid = sender ? sender->processId().value_or(0) : 0;
    int &shown = m_shown[pid];
    const bool unusual = message.isTruncated() || message.descriptorsLost();
    if (m_shownPerSender >= 0 && shown >= m_shownPerSender && !unusual) {
        if (shown++ == m_shownPerSender)
            say(QString("%1: and more, which are only counted").arg(describe(sender)));
        return;
    }
    ++shown;
    QString line = QString::fromUtf8(message.data()).simplified();
    if (line.size() > 60)
        line = line.left(57) + "...";
    if (message.isTruncated())
        line += QString(" [cut off: %1 bytes of %2]").arg(message.data().size()).arg(message.fullSize());
    if (message.descriptorsLost())
        line += " [came with descriptors, which were refused]";
    say(describe(sender) + ": " + line);
}
