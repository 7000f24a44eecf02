// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef IPCTEST_H
#define IPCTEST_H

#include <QMap>
#include <QObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

/*
 * The base of every test class.
 *
 * Around each test function it looks at the process's table of descriptors: one that leaves any behind fails. Objects
 * that are to be deleted later are deleted first. A test that means to keep something says so with keepDescriptors().
 */
class IpcTest : public QObject
{
    Q_OBJECT

public:
    IpcTest();
    ~IpcTest() override;

    // What each open descriptor of this process refers to, as the system words it; on Windows the type of each handle.
    static QMap<int, QString> openDescriptors();

    // Under Wine, which is not like Windows in everything: a test that it cannot show skips with that reason.
    static bool isWine();

protected:
    // A name for this test function alone, not in use: a path in a fresh directory.
    [[nodiscard]] QString path(const QString &name = QStringLiteral("socket")) const;
    // The same for a name without a file.
    [[nodiscard]] QString abstractName() const;
    [[nodiscard]] QString directory() const;
    void keepDescriptors();

private Q_SLOTS:
    void init();
    void cleanup();

private:
    // Of what openDescriptors() says: may be there after a test though it was not before.
    static bool belongsToEventLoop(const QString &target);

    std::unique_ptr<QTemporaryDir> m_directory;
    QMap<int, QString> m_before;
    bool m_keep = false;
};

// Runs the event loop until the condition holds; false if it does not within the time.
bool waitUntil(const std::function<bool()> &condition, int msecs = 10'000);

#endif
