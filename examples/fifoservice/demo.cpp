// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "demo.h"

#include <QCoreApplication>

#include <cstdio>

Demo::Demo(const QString &fifo, QObject *parent)
    : QObject(parent)
    , m_fifo(fifo)
    , m_steps{
          {"echo pause > \"$FIFO\"", 1},
          {"printf 'title Für Elise\\nplay\\n' > \"$FIFO\"", 2},
          {"printf pause > \"$FIFO\"", 1},
          {"for i in 1 2 3; do echo title Part $i > \"$FIFO\"; done", 3},
          {"echo dance | tee \"$FIFO\" > /dev/null", 1},
          {"echo quit > \"$FIFO\"", 1},
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
            done();
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
    if (m_steps.isEmpty())
        return; // the last one has made the service end
    const Step step = m_steps.takeFirst();
    m_awaited += step.commands;
    std::printf("$ %s\n", qPrintable(step.line));
    std::fflush(stdout);
    m_shell.start("sh", {"-c", step.line});
}

void Demo::obeyed()
{
    --m_awaited;
    done();
}

// A command without the end of its line is complete when its writer has gone. If the next one came before this was seen,
// the two would be one line.
void Demo::done()
{
    if (m_awaited == 0 && m_shell.state() == QProcess::NotRunning)
        next();
}
