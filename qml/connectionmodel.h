// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_CONNECTIONMODEL_H
#define INTERPROCESSQT_CONNECTIONMODEL_H

#include "interprocessqt_qml_export.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qlist.h>
#include <QtQml/qqml.h>

namespace InterprocessQt
{

// The connections of a server, in the order in which they came: for views and repeaters.
class INTERPROCESSQT_QML_EXPORT ConnectionModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    enum Role {
        ConnectionRole = Qt::UserRole,
    };

    explicit ConnectionModel(QObject *parent = nullptr);

    [[nodiscard]] int count() const;
    Q_INVOKABLE QObject *get(int index) const;
    [[nodiscard]] const QList<QObject *> &connections() const
    {
        return m_connections;
    }
    void append(QObject *connection);
    void remove(QObject *connection);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    QList<QObject *> m_connections;
};

} // namespace InterprocessQt

#endif
