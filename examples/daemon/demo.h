// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DEMO_H
#define DEMO_H

#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <QTimer>

#include <functional>

// Starts the daemon as another process, and sends it one signal after the other as an administrator would.
class Demo : public QObject
{
    Q_OBJECT

public:
    explicit Demo(QObject *parent = nullptr);
    ~Demo() override;

    void start();

private:
    struct Step {
        QString command; // of a shell
        std::function<bool()> run;
        QString answer; // how the line begins after which the next one comes
    };

    void read();
    void next();
    void fail(const QString &text);
    bool write(const QByteArray &configuration);
    bool send(int number);

    QTemporaryDir m_directory;
    const QString m_file;
    QProcess m_daemon;
    QTimer m_patience;
    QList<Step> m_steps;
    QString m_awaited;
};

#endif
