// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "demo.h"

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

Demo::Demo(const QString &pipe, QObject *parent)
    : QObject(parent)
    , m_pipe(pipe)
{
    m_client.setProcessChannelMode(QProcess::ForwardedChannels);
    connect(&m_client, &QProcess::finished, this, &Demo::next);
    connect(&m_client, &QProcess::errorOccurred, this, [this] {
        std::fprintf(stderr, "fileservice: %s\n", qPrintable(m_client.errorString()));
        QCoreApplication::exit(1);
    });
}

void Demo::start()
{
    m_paths = {m_folder.filePath("notes.txt"), m_folder.filePath("nothing.txt"), "//./pipe/somebody"};
    QFile file(m_paths.first());
    if (!file.open(QFile::WriteOnly) || file.write("What only its owner may read.\n") < 0) {
        std::fprintf(stderr, "fileservice: %s: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
        QCoreApplication::exit(1);
        return;
    }
    file.close();
    next();
}

void Demo::next()
{
    if (m_paths.isEmpty()) {
        QCoreApplication::quit();
        return;
    }
    const QString path = m_paths.takeFirst();
    std::printf("> fileservice get %s\n", qPrintable(path));
    std::fflush(stdout);
    m_client.start(QCoreApplication::applicationFilePath(), {"--pipe", m_pipe, "get", path});
}
