// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_SERVICEPROCESS_H
#define TOUR_SERVICEPROCESS_H

#include <QProcess>

namespace InterprocessQt
{
class Address;
}

// The service as a second process: this program, started again.
class ServiceProcess : public QObject
{
    Q_OBJECT

public:
    explicit ServiceProcess(QObject *parent = nullptr);
    // A service ends by itself when its client has gone without a goodbye. It is given the time for that, and only then
    // killed.
    ~ServiceProcess() override;

    // False if there is no such process; errorString() says why.
    bool start(const InterprocessQt::Address &address);
    [[nodiscard]] QString errorString() const;
    [[nodiscard]] qint64 processId() const;
    // Asks it to terminate, by SIGTERM. False if that cannot be sent; errorString() says why.
    bool terminate();
    // Waits for its end, for some seconds; true if that was as it should be.
    bool waitForEnd();
    [[nodiscard]] QString describeEnd() const;

Q_SIGNALS:
    void ended();

private:
    QProcess m_process;
    QString m_errorString;
};

#endif
