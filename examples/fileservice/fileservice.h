// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef FILESERVICE_H
#define FILESERVICE_H

#include <InterprocessQt/NamedPipeServer>

#include <QObject>

// Reads files on behalf of other programs, with their rights and not with its own.
class FileService : public QObject
{
    Q_OBJECT

public:
    explicit FileService(QObject *parent = nullptr);

    // False if it cannot have the name; then an error message has been written.
    bool start(const QString &pipe, bool forEverybody);

private:
    void acceptClients();

    InterprocessQt::NamedPipeServer m_server;
};

#endif
