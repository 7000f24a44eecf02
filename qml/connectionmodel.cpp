// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "connectionmodel.h"

namespace InterprocessQt
{

ConnectionModel::ConnectionModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

int ConnectionModel::count() const
{
    return int(m_connections.size());
}

QObject *ConnectionModel::get(int index) const
{
    return m_connections.value(index);
}

void ConnectionModel::append(QObject *connection)
{
    beginInsertRows({}, count(), count());
    m_connections.append(connection);
    endInsertRows();
    Q_EMIT countChanged();
}

void ConnectionModel::remove(QObject *connection)
{
    const auto row = int(m_connections.indexOf(connection));
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_connections.removeAt(row);
    endRemoveRows();
    Q_EMIT countChanged();
}

int ConnectionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ConnectionModel::data(const QModelIndex &index, int role) const
{
    if (role != ConnectionRole || !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    return QVariant::fromValue(m_connections.at(index.row()));
}

QHash<int, QByteArray> ConnectionModel::roleNames() const
{
    return {{ConnectionRole, QByteArrayLiteral("connection")}};
}

} // namespace InterprocessQt
