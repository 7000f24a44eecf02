// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOURPROCESS_H
#define TOURPROCESS_H

#include "peerprocess.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <csignal>

// The tour as a user would run it, with everything it prints.
class TourProcess : public PeerProcess
{
public:
    // Names that are files on this system are made in the folder, where a test can see what is left.
    explicit TourProcess(const QString &folder)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_RUNTIME_DIR", folder);
        process().setProcessEnvironment(environment);
        process().setWorkingDirectory(folder);
    }

    [[nodiscard]] bool start(const QStringList &arguments)
    {
        return PeerProcess::start("interprocessqt-tour", arguments);
    }

    // Everything that has been printed so far.
    [[nodiscard]] QString output()
    {
        m_output += process().readAllStandardOutput();
        return QString::fromUtf8(m_output);
    }
    [[nodiscard]] QString errorOutput()
    {
        m_errors += process().readAllStandardError();
        return QString::fromUtf8(m_errors);
    }

    // For whoever has to find out why it did not end as it should; no more than Qt Test shows.
    [[nodiscard]] QString transcript()
    {
        return QString("exit code %1\n%2%3").arg(process().exitCode()).arg(errorOutput().left(500), output().right(400));
    }

    // Of the service that the tour has started; 0 if it has not said so yet.
    [[nodiscard]] qint64 servicePid()
    {
        static const QRegularExpression pattern("have started process (\\d+)");
        return pattern.match(output()).captured(1).toLongLong();
    }

    // True when a file is on its way, which is as large as it has to be to be still there when the test goes on.
    [[nodiscard]] bool isSending()
    {
        return output().contains("sending ");
    }

    // Whether the process is still there, and not only its number.
    static bool isRunning(qint64 pid)
    {
        if (::kill(pid_t(pid), 0) == -1)
            return false;
        QFile file(QString("/proc/%1/stat").arg(pid));
        if (!file.open(QIODevice::ReadOnly))
            return !QFile::exists("/proc/self/stat");
        const QByteArray text = file.readAll();
        return text.mid(text.lastIndexOf(')') + 2, 1) != "Z"; // ended, but nobody has asked how yet
    }

    // All that is left in the folder and is neither a file nor a folder.
    static QStringList socketsIn(const QString &folder)
    {
        return QDir(folder).entryList(QDir::System);
    }

private:
    QByteArray m_output;
    QByteArray m_errors;
};

#endif
