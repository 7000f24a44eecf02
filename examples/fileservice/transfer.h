// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TRANSFER_H
#define TRANSFER_H

#include <InterprocessQt/NamedPipe>

#include <QFile>

/*
 * Answers one client. Each message of it is the path of a file. The answer is "error <text>", or "size <bytes>" and after it what is
 * in the file, in as many messages as that takes, and an empty one. If it cannot be read to its end the connection ends before that.
 */
class Transfer : public QObject
{
    Q_OBJECT

public:
    explicit Transfer(InterprocessQt::NamedPipe *client); // its parent

private:
    void work();
    void answer(const QString &path);
    QString openAsClient(const QString &path); // what is wrong; empty: nothing
    void sendFile();
    void refuse(const QString &why);
    void log(const QString &text) const;

    InterprocessQt::NamedPipe *const m_client;
    const QString m_who;
    QFile m_file;
    qint64 m_size = 0;
    qint64 m_sent = 0;
};

#endif
