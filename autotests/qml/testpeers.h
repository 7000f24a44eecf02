// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TESTPEERS_H
#define TESTPEERS_H

#include <QLocalServer>
#include <QLocalSocket>
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtQml/qqml.h>

/*
 * What tests written in QML talk to: sockets of Qt itself, and other programs.
 */

// Names that nobody uses, and what JavaScript cannot find out by itself.
class Surroundings : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON
    Q_PROPERTY(qint64 pid READ pid CONSTANT)

public:
    Q_INVOKABLE QString path(const QString &name = QStringLiteral("socket")) const;
    Q_INVOKABLE QString abstractName() const;
    // Of sockets and pipes only: others come when something is used for the first time, and stay.
    Q_INVOKABLE int descriptors() const;
    Q_INVOKABLE QString openDescriptors() const; // what they are, for a message
    Q_INVOKABLE void removeFile(const QString &path) const;
    Q_INVOKABLE void writeFile(const QString &path, const QString &content) const;
    // Whether a server has the name: its file is there, or its pipe.
    Q_INVOKABLE bool nameExists(const QString &path) const;
    // The bytes of a text, and the text of bytes, as they are.
    Q_INVOKABLE QByteArray bytes(const QString &latin1) const;
    Q_INVOKABLE QString latin1(const QByteArray &bytes) const;
    Q_INVOKABLE QByteArray filled(int size) const;
    Q_INVOKABLE void raiseTermination() const;
    [[nodiscard]] qint64 pid() const;

private:
    QTemporaryDir m_directory;
    mutable int m_names = 0;
};

// A server of Qt with one client at a time.
class QtServer : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString received READ received NOTIFY receivedChanged)
    Q_PROPERTY(bool connected READ isConnected NOTIFY connectedChanged)
    Q_PROPERTY(bool echo MEMBER m_echo)

public:
    explicit QtServer(QObject *parent = nullptr);

    Q_INVOKABLE bool listen(const QString &name);
    Q_INVOKABLE void close();
    Q_INVOKABLE void drop();
    Q_INVOKABLE void send(const QString &latin1);
    [[nodiscard]] QString received() const;
    [[nodiscard]] bool isConnected() const;

Q_SIGNALS:
    void receivedChanged();
    void connectedChanged();

private:
    QLocalServer m_server;
    QLocalSocket *m_socket = nullptr;
    QByteArray m_received;
    bool m_echo = false;
};

class QtClient : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString received READ received NOTIFY receivedChanged)
    Q_PROPERTY(bool connected READ isConnected NOTIFY connectedChanged)

public:
    explicit QtClient(QObject *parent = nullptr);

    Q_INVOKABLE void connectTo(const QString &name);
    Q_INVOKABLE void close();
    Q_INVOKABLE void send(const QString &latin1);
    [[nodiscard]] QString received() const;
    [[nodiscard]] bool isConnected() const;

Q_SIGNALS:
    void receivedChanged();
    void connectedChanged();

private:
    QLocalSocket m_socket;
    QByteArray m_received;
};

// Another program, killed if it is left behind.
class Program : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString output READ output NOTIFY outputChanged)
    Q_PROPERTY(QString errors READ errors NOTIFY outputChanged)
    Q_PROPERTY(bool running READ isRunning NOTIFY runningChanged)
    Q_PROPERTY(int exitCode READ exitCode NOTIFY runningChanged)

public:
    explicit Program(QObject *parent = nullptr);
    ~Program() override;

    // A program beside the test, or one on the PATH.
    Q_INVOKABLE bool start(const QString &program, const QStringList &arguments = {});
    Q_INVOKABLE void write(const QString &text);
    Q_INVOKABLE void closeInput();
    Q_INVOKABLE void kill();
    [[nodiscard]] QString output() const;
    [[nodiscard]] QString errors() const;
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] int exitCode() const;

Q_SIGNALS:
    void outputChanged();
    void runningChanged();

private:
    QProcess m_process;
    QByteArray m_output;
    QByteArray m_errors;
};

#endif
