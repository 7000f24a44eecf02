// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "runner.h"

#include <QCoreApplication>
#include <QEvent>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace
{
Runner *theRunner = nullptr;
QtMessageHandler handlerBefore = nullptr;

void say(const QString &text)
{
    std::fprintf(stdout, "%s\n", qPrintable(text));
    std::fflush(stdout);
}
} // namespace

Runner::Runner()
{
    theRunner = this;
    handlerBefore = qInstallMessageHandler(handleMessage);
}

Runner::~Runner()
{
    qInstallMessageHandler(handlerBefore);
    theRunner = nullptr;
}

void Runner::begin(const QString &function)
{
    m_function = function;
    m_failed = false;
    m_skipped.clear();
    m_expected.clear();
    ++m_count;
}

void Runner::fail(const QString &message, const QString &stack)
{
    say(QStringLiteral("FAIL!  : %1 %2\n%3").arg(m_function, message, stack));
    m_failed = true;
}

void Runner::skip(const QString &reason)
{
    m_skipped = reason;
}

void Runner::end()
{
    // What was to go with the function is gone before the next one counts.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    for (const QRegularExpression &expected : std::as_const(m_expected))
        fail(QStringLiteral("this warning did not come: ") + expected.pattern(), {});
    m_expected.clear();
    if (m_failed)
        ++m_failures;
    else if (!m_skipped.isEmpty())
        say(QStringLiteral("SKIP   : %1 %2").arg(m_function, m_skipped));
    else
        say(QStringLiteral("PASS   : ") + m_function);
}

void Runner::wait(int milliseconds)
{
    QTest::qWait(milliseconds);
}

void Runner::ignoreWarning(const QRegularExpression &message)
{
    m_expected.append(message);
}

QString Runner::failureMark() const
{
    return QStringLiteral("This test function has ended.");
}

int Runner::failures() const
{
    return m_failures;
}

int Runner::count() const
{
    return m_count;
}

void Runner::handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    if (type == QtWarningMsg) {
        QList<QRegularExpression> &expected = theRunner->m_expected;
        const auto found = std::find_if(expected.begin(), expected.end(), [&text](const QRegularExpression &pattern) {
            return pattern.match(text).hasMatch();
        });
        if (found != expected.end()) {
            expected.erase(found);
            return;
        }
    }
    handlerBefore(type, context, text);
}
