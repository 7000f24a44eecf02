// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef STARTERS_H
#define STARTERS_H

#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <array>
#include <memory>

// Whose name it is: whoever accepts there says its process id.
inline qint64 processAt(const QString &path)
{
    InterprocessQt::LocalSocket client;
    client.connectToServer(InterprocessQt::Address::filePath(path));
    if (!client.waitForConnected())
        return -1;
    while (!client.canReadLine() && client.waitForReadyRead(10'000)) { }
    return client.readLine().trimmed().toLongLong();
}

// Two processes that want the same name at the same moment.
class Starters
{
public:
    explicit Starters(const QString &path)
        : m_path(path)
    {
    }

    // One of them gets it, the other is told that it has an owner, and the winner is killed. Anything else is returned. The loser
    // takes part in the next race, too.
    [[nodiscard]] QString race()
    {
        for (auto &starter : m_starters) {
            if (starter)
                continue;
            starter = std::make_unique<PeerProcess>();
            if (!starter->start("peer_localserver") || !starter->waitForLine("ready"))
                return QStringLiteral("a process does not start");
        }
        for (auto &starter : m_starters)
            starter->writeLine("listen " + m_path);
        const std::array answers = {m_starters[0]->readLine(), m_starters[1]->readLine()};
        const size_t winner = answers[0] == "listening" ? 0 : 1;
        const QString refused = QStringLiteral("error %1 ").arg(InterprocessQt::LocalServer::AddressInUseError);
        if (answers[winner] != "listening" || !answers[1 - winner].startsWith(refused))
            return "the answers are: " + answers[0] + ", " + answers[1];
        if (processAt(m_path) != m_starters[winner]->pid())
            return QStringLiteral("the name is not the winner's");
        m_starters[winner].reset();
        return {};
    }

private:
    const QString m_path;
    std::array<std::unique_ptr<PeerProcess>, 2> m_starters;
};

#endif
