// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RUNNER_H
#define RUNNER_H

#include <QList>
#include <QObject>
#include <QRegularExpression>
#include <QString>

// What a TestCase without Qt Quick cannot do in JavaScript; and it counts. See QtTest/TestCase.qml.
class Runner : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString failureMark READ failureMark CONSTANT)

public:
    Runner();
    ~Runner() override;

    Q_INVOKABLE void begin(const QString &function);
    Q_INVOKABLE void fail(const QString &message, const QString &stack);
    Q_INVOKABLE void skip(const QString &reason);
    Q_INVOKABLE void end();
    Q_INVOKABLE void wait(int milliseconds);
    Q_INVOKABLE void ignoreWarning(const QRegularExpression &message);

    // The message of the exception that ends a function of which all has been said.
    [[nodiscard]] QString failureMark() const;
    [[nodiscard]] int failures() const;
    // Of functions, whatever came of them.
    [[nodiscard]] int count() const;

private:
    static void handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &text);

    QString m_function;
    QList<QRegularExpression> m_expected;
    QString m_skipped;
    int m_count = 0;
    int m_failures = 0;
    bool m_failed = false;
};

#endif
