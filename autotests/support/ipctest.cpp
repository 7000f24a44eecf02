// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QThread>
#include <QUuid>

IpcTest::IpcTest() = default;
IpcTest::~IpcTest() = default;

QString IpcTest::directory() const
{
    return m_directory->path();
}

QString IpcTest::path(const QString &name) const
{
    return m_directory->filePath(name);
}

QString IpcTest::abstractName() const
{
    return QStringLiteral("interprocessqt-test-") + QUuid::createUuid().toString(QUuid::Id128);
}

void IpcTest::keepDescriptors()
{
    m_keep = true;
}

void IpcTest::init()
{
    m_keep = false;
    // Short: local sockets have room for about a hundred bytes.
    m_directory = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/ipq-XXXXXX"));
    QVERIFY2(m_directory->isValid(), qPrintable(m_directory->errorString()));
    m_before = openDescriptors();
}

void IpcTest::cleanup()
{
    QCoreApplication::sendPostedEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    m_directory.reset();
    if (m_keep)
        return;
    QStringList leaked;
    const auto look = [&] {
        leaked.clear();
        const QMap<int, QString> after = openDescriptors();
        for (auto it = after.cbegin(); it != after.cend(); ++it) {
            if (m_before.value(it.key()) != it.value() && !belongsToEventLoop(it.value()))
                leaked.append(QStringLiteral("%1 → %2").arg(it.key()).arg(it.value()));
        }
    };
    look();
    // A thread that nobody waits for, such as that of a write which is under way when its stream goes (on Windows), closes what it has
    // when it runs again, and tells nobody. No events meanwhile: what they would close has been left open.
    for (const QDeadlineTimer deadline(5000); !leaked.isEmpty() && !deadline.hasExpired(); look())
        QThread::msleep(10);
    QVERIFY2(leaked.isEmpty(), qPrintable(QStringLiteral("left open: ") + leaked.join(QStringLiteral(", "))));
}

bool waitUntil(const std::function<bool()> &condition, int msecs)
{
    return QTest::qWaitFor(condition, msecs);
}
