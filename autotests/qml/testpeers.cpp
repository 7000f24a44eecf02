// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "testpeers.h"

#include <QCoreApplication>
#include <QFile>
#include <QStandardPaths>

#include <csignal>

// ---- Surroundings

QString Surroundings::path(const QString &name) const
{
    return m_directory.filePath(QString::number(++m_names) + u'-' + name);
}

QString Surroundings::abstractName() const
{
    return QStringLiteral("@interprocessqt-qml-%1-%2").arg(pid()).arg(++m_names);
}

void Surroundings::removeFile(const QString &path) const
{
    QFile::remove(path);
}

void Surroundings::writeFile(const QString &path, const QString &content) const
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(content.toUtf8());
}

QByteArray Surroundings::bytes(const QString &latin1) const
{
    return latin1.toLatin1();
}

QString Surroundings::latin1(const QByteArray &bytes) const
{
    return QString::fromLatin1(bytes);
}

QByteArray Surroundings::filled(int size) const
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (int i = 0; i < size; ++i)
        bytes[i] = char(i * 7 + (i >> 8));
    return bytes;
}

void Surroundings::raiseTermination() const
{
    std::raise(SIGTERM);
}

qint64 Surroundings::pid() const
{
    return QCoreApplication::applicationPid();
}

// ---- QtServer

QtServer::QtServer(QObject *parent)
    : QObject(parent)
{
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        drop();
        m_received.clear();
        m_socket = m_server.nextPendingConnection();
        m_socket->setParent(this);
        connect(m_socket, &QLocalSocket::readyRead, this, [this] {
            const QByteArray bytes = m_socket->readAll();
            m_received += bytes;
            if (m_echo)
                m_socket->write(bytes);
            emit receivedChanged();
        });
        connect(m_socket, &QLocalSocket::disconnected, this, &QtServer::connectedChanged);
        emit connectedChanged();
    });
}

bool QtServer::listen(const QString &name)
{
    const bool abstract = name.startsWith(u'@');
    m_server.setSocketOptions(abstract ? QLocalServer::AbstractNamespaceOption : QLocalServer::NoOptions);
    return m_server.listen(abstract ? name.mid(1) : name);
}

void QtServer::close()
{
    m_server.close();
    drop();
}

void QtServer::drop()
{
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->flush();
    m_socket->disconnectFromServer();
    m_socket->deleteLater();
    m_socket = nullptr;
    emit connectedChanged();
}

void QtServer::send(const QString &latin1)
{
    if (m_socket)
        m_socket->write(latin1.toLatin1());
}

QString QtServer::received() const
{
    return QString::fromLatin1(m_received);
}

bool QtServer::isConnected() const
{
    return m_socket && m_socket->state() == QLocalSocket::ConnectedState;
}

// ---- QtClient

QtClient::QtClient(QObject *parent)
    : QObject(parent)
{
    connect(&m_socket, &QLocalSocket::readyRead, this, [this] {
        m_received += m_socket.readAll();
        emit receivedChanged();
    });
    connect(&m_socket, &QLocalSocket::stateChanged, this, &QtClient::connectedChanged);
}

void QtClient::connectTo(const QString &name)
{
    const bool abstract = name.startsWith(u'@');
    m_received.clear();
    m_socket.setSocketOptions(abstract ? QLocalSocket::AbstractNamespaceOption : QLocalSocket::NoOptions);
    m_socket.connectToServer(abstract ? name.mid(1) : name);
}

void QtClient::close()
{
    m_socket.disconnectFromServer();
}

void QtClient::send(const QString &latin1)
{
    m_socket.write(latin1.toLatin1());
    m_socket.flush();
}

QString QtClient::received() const
{
    return QString::fromLatin1(m_received);
}

bool QtClient::isConnected() const
{
    return m_socket.state() == QLocalSocket::ConnectedState;
}

// ---- Program

Program::Program(QObject *parent)
    : QObject(parent)
{
    connect(&m_process, &QProcess::readyReadStandardOutput, this, [this] {
        m_output += m_process.readAllStandardOutput();
        emit outputChanged();
    });
    connect(&m_process, &QProcess::readyReadStandardError, this, [this] {
        m_errors += m_process.readAllStandardError();
        emit outputChanged();
    });
    connect(&m_process, &QProcess::stateChanged, this, &Program::runningChanged);
}

Program::~Program()
{
    m_process.disconnect(this);
    kill();
}

bool Program::start(const QString &program, const QStringList &arguments)
{
    const QString beside = QStandardPaths::findExecutable(program, {QCoreApplication::applicationDirPath()});
    const QString found = beside.isEmpty() ? QStandardPaths::findExecutable(program) : beside;
    if (found.isEmpty())
        return false;
    m_output.clear();
    m_errors.clear();
    m_process.start(found, arguments);
    return m_process.waitForStarted();
}

void Program::write(const QString &text)
{
    m_process.write(text.toUtf8());
}

void Program::closeInput()
{
    m_process.closeWriteChannel();
}

void Program::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

QString Program::output() const
{
    return QString::fromUtf8(m_output);
}

QString Program::errors() const
{
    return QString::fromUtf8(m_errors);
}

bool Program::isRunning() const
{
    return m_process.state() != QProcess::NotRunning;
}

int Program::exitCode() const
{
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}
