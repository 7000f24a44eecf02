// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "player.h"

#include <QCoreApplication>

#include <cstdio>
#include <utility>

using namespace InterprocessQt;

namespace
{
// A longer line is not a command: nobody shall fill our memory.
constexpr qint64 LongestLine = 4096;
}

Player::Player(QObject *parent)
    : QObject(parent)
{
    m_commands.setReadBufferSize(LongestLine);
    connect(&m_commands, &QIODevice::readyRead, this, &Player::readCommands);
    // A last line without its end is complete when nobody writes any more.
    connect(&m_commands, &FifoReader::writersGone, this, [this] {
        readCommands();
        takeLine(m_commands.readAll());
    });
}

bool Player::start(const QString &path)
{
    // Ours alone: whoever can write there can command us. One that was left behind after a crash is used again.
    m_fifo = Fifo::create(path, Fifo::DefaultPermissions, Fifo::NamePolicy::UseExisting);
    if (!m_fifo.isValid()) {
        std::fprintf(stderr, "fifoservice: %s\n", qPrintable(m_fifo.errorString()));
        return false;
    }
    if (!m_commands.open(path, FifoReader::WriterPolicy::WaitForNextWriter)) {
        std::fprintf(stderr, "fifoservice: %s\n", qPrintable(m_commands.errorString()));
        return false;
    }
    return true;
}

void Player::readCommands()
{
    while (m_commands.canReadLine())
        takeLine(m_commands.readLine());
    if (m_commands.bytesAvailable() < LongestLine)
        return;
    // Also what comes of it later: the end of a long line is no command either.
    m_commands.readAll();
    if (!std::exchange(m_dropping, true)) {
        std::printf("  a line that is too long: dropped\n");
        std::fflush(stdout);
    }
}

void Player::takeLine(const QByteArray &line)
{
    if (!std::exchange(m_dropping, false))
        obey(QString::fromUtf8(line).trimmed());
}

void Player::obey(const QString &command)
{
    if (command.isEmpty())
        return;
    if (command == "pause" || command == "play") {
        m_playing = command == "play";
        std::printf("  %s\n", m_playing ? "playing" : "paused");
    } else if (command.startsWith("title ")) {
        std::printf("  now %s: %s\n", m_playing ? "playing" : "chosen", qPrintable(command.mid(6)));
    } else if (command == "quit") {
        std::printf("  good-bye\n");
        QCoreApplication::quit();
    } else {
        std::printf("  what is \"%s\"?\n", qPrintable(command));
    }
    std::fflush(stdout);
    emit obeyed(command);
}
