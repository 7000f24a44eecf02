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
    // A service ends when its client has gone. It is given the time for that, and only then killed.
    ~ServiceProcess() override;

    // False if there is no such process; errorString() says why.
    bool start(const InterprocessQt::Address &address);
    [[nodiscard]] QString errorString() const;
    [[nodiscard]] qint64 processId() const;
    // Waits for its end, for some seconds; true if that was as it should be.
    bool waitForEnd();
    [[nodiscard]] QString describeEnd() const;

Q_SIGNALS:
    void ended();

private:
    QProcess m_process;
};

#endif
