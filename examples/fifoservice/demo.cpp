// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "demo.h"

#include <QCoreApplication>

#include <cstdio>

Demo::Demo(const QString &fifo, QObject *parent)
    : QObject(parent)
    , m_fifo(fifo)
    , m_commands{
          "echo pause > \"$FIFO\"",
          "printf 'title Für Elise\\nplay\\n' > \"$FIFO\"",
          "printf pause > \"$FIFO\"",
          "for i in 1 2 3; do echo title Part $i > \"$FIFO\"; done",
          "echo dance | tee \"$FIFO\" > /dev/null",
          "echo quit > \"$FIFO\"",
      }
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("FIFO", m_fifo);
    m_shell.setProcessEnvironment(environment);
    m_shell.setProcessChannelMode(QProcess::ForwardedChannels);
    connect(&m_shell, &QProcess::finished, this, [this](int exitCode) {
        if (exitCode != 0)
            QCoreApplication::exit(1);
        else
            next();
    });
    connect(&m_shell, &QProcess::errorOccurred, this, [this] {
        std::fprintf(stderr, "sh: %s\n", qPrintable(m_shell.errorString()));
        QCoreApplication::exit(1);
    });
}

Demo::~Demo()
{
    // The shell that has said "quit" may not be back yet.
    m_shell.disconnect(this);
    m_shell.waitForFinished();
}

void Demo::next()
{
    if (m_commands.isEmpty())
        return; // the last one has made the service end
    const QString command = m_commands.takeFirst();
    std::printf("$ %s\n", qPrintable(command));
    std::fflush(stdout);
    m_shell.start("sh", {"-c", command});
}
