// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef PLAYER_H
#define PLAYER_H

#include <InterprocessQt/Fifo>

#include <QObject>

// Something that goes on, and does what the lines in its FIFO say: play, pause, title <text>, quit.
class Player : public QObject
{
    Q_OBJECT

public:
    explicit Player(QObject *parent = nullptr);

    // False if there can be no FIFO there; then an error message has been written.
    bool start(const QString &path);

signals:
    void obeyed(const QString &command);

private:
    void readCommands();
    void takeLine(const QByteArray &line);
    void obey(const QString &command);

    InterprocessQt::Fifo m_fifo;
    InterprocessQt::FifoReader m_commands;
    bool m_playing = true;
    bool m_dropping = false; // the rest of a line that is too long
};

#endif
