// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef FAULTTEST_H
#define FAULTTEST_H

#include "injector.h"
#include "ipctest.h"

#include <QList>
#include <QString>

#include <functional>
#include <memory>

/*
 * What a primitive does for its user, once: run() begins it and comes back when it is over, well or not. It can be run
 * again, with the same objects.
 */
class Scenario
{
public:
    struct Report {
        static constexpr int Otherwise = -1;
        QString who;
        int native = 0;
        QString text;
    };

    virtual ~Scenario();

    void start();
    [[nodiscard]] bool isComplete() const
    {
        return m_complete && m_wrong.isEmpty();
    }
    [[nodiscard]] const QList<Report> &reports() const
    {
        return m_reports;
    }
    [[nodiscard]] const QStringList &wrong() const
    {
        return m_wrong;
    }
    [[nodiscard]] QString summary() const;

protected:
    virtual void run() = 0;

    // What run() tells of how it went. Everything that was to be done is done:
    void complete()
    {
        m_complete = true;
    }
    // Something happened that must not, whatever fails:
    void wrong(const QString &what)
    {
        m_wrong.append(what);
    }
    void report(const QString &who, int native, const QString &text)
    {
        m_reports.append({who, native, text});
    }
    // By what is no error in itself.
    void toldOtherwise(const QString &what)
    {
        m_reports.append({QString(), Report::Otherwise, QLatin1String(": ") + what});
    }
    template<typename Object>
    void reportErrorsOf(Object *object, const QString &who)
    {
        QObject::connect(object, &Object::errorOccurred, object, [this, object, who] {
            report(who, object->nativeError(), object->errorString());
        });
    }
    // Runs the event loop; false, and that is wrong, if nothing came of it in a long time.
    bool await(const char *what, const std::function<bool()> &condition);
    // What arrived is what was sent, from the beginning on, without gaps.
    void isBeginning(const char *what, const QByteArray &arrived, const QByteArray &sent);

private:
    QList<Report> m_reports;
    QStringList m_wrong;
    bool m_complete = false;
};

/*
 * The base of the tests: inject() runs a scenario over and over, each time with another call failing, and checks each time
 * that
 *   - it ends, with no more calls and no more processor time than it may take: nothing spins
 *   - nothing that arrived is lost, doubled or in the wrong place (the scenario looks at that)
 *   - if it was not completed, an error was reported, with the number that the call has set and a text that says what for
 *   - the same objects do the same again, then without any fault
 *   - no descriptor, no memory and no file is left when they are gone
 */
class FaultTest : public IpcTest
{
    Q_OBJECT

protected:
    using Factory = std::function<std::unique_ptr<Scenario>()>;
    enum Duration {
        AlsoLasting, // also five times in succession
        Passing,
    };
    void inject(const Factory &make, Duration duration = AlsoLasting);
    // The same with no fault but that every transfer is of one byte.
    void transferByteByByte(const Factory &make);

private:
    struct Baseline {
        std::vector<int> counts;
        int total = 0;
    };
    bool tryFault(const Factory &make, const Injector::Fault &fault, const Baseline &baseline);
    QString judge(const Factory &make, const Injector::Fault &fault, const Baseline &baseline);
    QString judgeOnce(const Factory &make, const Injector::Fault &fault, const Baseline &baseline);

    bool m_struck = false;
};

#endif
