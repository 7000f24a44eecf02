// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DEMO_H
#define DEMO_H

#include <QProcess>
#include <QTemporaryDir>

// Has other processes ask the service, one after the other, as a user would.
class Demo : public QObject
{
    Q_OBJECT

public:
    explicit Demo(const QString &pipe, QObject *parent = nullptr);
    void start();

private:
    void next();

    const QString m_pipe;
    const QTemporaryDir m_folder;
    QStringList m_paths;
    QProcess m_client;
};

#endif
