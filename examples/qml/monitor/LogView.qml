// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import ExampleStyle

// The entries of a log that have a text in them, the newest first.
ScrolledList {
    id: view

    property ListModel source
    property string filter

    function matches(entry: var): bool {
        return filter === "" || (entry.kind + " " + entry.text).toLowerCase().includes(filter.toLowerCase());
    }

    function rebuild() {
        shown.clear();
        for (let i = 0; source && i < source.count; ++i) {
            const entry = source.get(i);
            if (matches(entry))
                shown.append({time: entry.time, kind: entry.kind, text: entry.text});
        }
    }

    onFilterChanged: rebuild()
    onSourceChanged: rebuild()

    Connections {
        target: view.source

        function onRowsInserted(parent, first, last) {
            for (let i = last; i >= first; --i) {
                const entry = view.source.get(i);
                if (view.matches(entry))
                    shown.insert(0, {time: entry.time, kind: entry.kind, text: entry.text});
            }
            if (shown.count > view.source.count)
                shown.remove(view.source.count, shown.count - view.source.count);
        }
    }

    spacing: 2
    model: ListModel {
        id: shown
    }
    delegate: LogItem {
        width: view.width
    }
}
