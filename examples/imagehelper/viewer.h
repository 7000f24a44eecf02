// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef IMAGEHELPER_VIEWER_H
#define IMAGEHELPER_VIEWER_H

#include <InterprocessQt/MessageServer>

#include <QElapsedTimer>
#include <QImage>
#include <QProcess>
#include <QQueue>

// The viewer: opens files, has them decoded, and shows what comes back. It survives whatever happens to its helper.
class Viewer : public QObject
{
    Q_OBJECT

public:
    explicit Viewer(const QStringList &pictures);
    [[nodiscard]] bool start();

signals:
    void finished(int failures);

private:
    void startHelper();
    void helperConnected();
    void next();
    void answered(const QByteArray &message);
    void helperGone();
    void show(const QImage &image) const;

    InterprocessQt::MessageServer m_server;
    InterprocessQt::MessageSocket *m_helper = nullptr;
    QProcess *m_process = nullptr;
    QQueue<QString> m_pictures;
    QString m_current; // the helper is at work on it
    QElapsedTimer m_clock;
    qint64 m_bytesSent = 0;
    int m_failures = 0;
};

#endif
