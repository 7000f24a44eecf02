// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DEMO_H
#define DEMO_H

#include <QList>
#include <QProcess>

// Drives the service from shells, one after the other, as a user would: the next one when the service has obeyed.
class Demo : public QObject
{
    Q_OBJECT

public:
    explicit Demo(const QString &fifo, QObject *parent = nullptr);
    ~Demo() override;
    void next();
    void obeyed();

private:
    struct Step {
        QString line; // for the shell
        int commands; // for the service, which are in it
    };

    void done();

    const QString m_fifo;
    QList<Step> m_steps;
    int m_awaited = 0; // commands that are to be obeyed yet
    QProcess m_shell;
};

#endif
