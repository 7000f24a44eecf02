// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef REQUEST_H
#define REQUEST_H

#include <InterprocessQt/NamedPipe>

#include <QFile>

// Asks the service for a file, and writes what is in it to standard output.
class Request : public QObject
{
    Q_OBJECT

public:
    explicit Request(const QString &path, QObject *parent = nullptr);
    void start(const QString &pipe);

signals:
    void finished(int exitCode);

private:
    void takeAnswer();
    void fail(const QString &why);
    void finish(int exitCode);

    const QString m_path;
    InterprocessQt::NamedPipe m_service;
    QFile m_output;
    bool m_answered = false;
    bool m_finished = false;
};

#endif
