// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DEMO_H
#define DEMO_H

#include <QProcess>
#include <QStringList>

// Drives the service from shells, one after the other, as a user would.
class Demo : public QObject
{
    Q_OBJECT

public:
    explicit Demo(const QString &fifo, QObject *parent = nullptr);
    ~Demo() override;
    void next();

private:
    const QString m_fifo;
    QStringList m_commands;
    QProcess m_shell;
};

#endif
