// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef WORKLOADS_H
#define WORKLOADS_H

#include <QMap>
#include <QObject>
#include <QString>

#include <memory>
#include <vector>

// Something that goes on by itself, and counts what it has done.
class Workload : public QObject
{
    Q_OBJECT

public:
    // Its files are in that folder.
    static std::vector<std::unique_ptr<Workload>> all(const QString &folder);
    ~Workload() override;

    [[nodiscard]] const QMap<QString, qint64> &done() const
    {
        return m_done;
    }
    [[nodiscard]] const QStringList &wrong() const
    {
        return m_wrong;
    }

protected:
    void count(const char *what, qint64 times = 1)
    {
        m_done[QString::fromLatin1(what)] += times;
    }
    void wrong(const QString &what)
    {
        m_wrong.append(what);
    }

private:
    QMap<QString, qint64> m_done;
    QStringList m_wrong;
};

#endif
