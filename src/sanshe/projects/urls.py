from django.urls import path

from sanshe.projects.views import focusing, proposals, sections, versions

app_name = "projects"
urlpatterns = [
    path("", proposals.proposal_list, name="proposals"),
    path("new/<int:study_pk>/", proposals.proposal_create, name="create"),
    path("<int:pk>/", proposals.proposal_detail, name="detail"),
    path("<int:pk>/edit/", proposals.proposal_edit, name="edit"),
    path("<int:pk>/needs/", focusing.needs_choose, name="choose"),
    path("<int:pk>/move/<slug:verb>/", proposals.proposal_move, name="move"),
    path("<int:pk>/sections/<int:number>/", sections.section_edit, name="section"),
    path("<int:pk>/sections/<int:number>/read/", sections.section_read, name="section_read"),
    path("<int:pk>/sections/<int:number>/redraft/", sections.section_redraft, name="redraft"),
    path("<int:pk>/sections/<int:number>/remarks/", sections.remark_create, name="remark"),
    path(
        "<int:pk>/sections/<int:number>/remarks/<int:remark_pk>/resolve/",
        sections.remark_resolve,
        name="resolve",
    ),
    path("<int:pk>/tables/<slug:table>/new/", sections.row_edit, name="row_create"),
    path("<int:pk>/tables/<slug:table>/<int:row_pk>/", sections.row_edit, name="row"),
    path(
        "<int:pk>/tables/<slug:table>/<int:row_pk>/delete/", sections.row_delete, name="row_delete"
    ),
    path("<int:pk>/versions/<int:version_pk>/", versions.version, name="version"),
    path("<int:pk>/changes/", versions.diff, name="diff"),
    path("<int:pk>/word/", versions.export_docx, name="export_docx"),
    path("<int:pk>/excel/", versions.export_xlsx, name="export_xlsx"),
    path("review-steps/<str:code>/", versions.review_rules, name="review_rules"),
]
